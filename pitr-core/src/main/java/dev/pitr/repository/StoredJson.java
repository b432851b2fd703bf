package dev.pitr.repository;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.UnknownOutcomeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads and creates small sealed JSON objects in a storage. */
final class StoredJson {
    /** Far above any record: 100,000 objects take some 15 MiB. */
    private static final int MAX_BYTES = 256 << 20;

    private static final int MAX_ATTEMPTS = 3;

    private StoredJson() {}

    /**
     * Creates an object. After an unknown outcome it asks again: only that tells of an object that it is durable.
     *
     * @throws dev.pitr.storage.ObjectExistsException if the key is taken, perhaps by an earlier attempt of this call
     */
    static void create(ObjectStorage storage, ObjectKey key, byte[] json) {
        for (int attempt = 1; ; attempt++) {
            try {
                storage.createIfAbsent(key, Content.of(json));
                return;
            } catch (UnknownOutcomeException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    static byte[] bytes(ObjectStorage storage, ObjectKey key) {
        try (InputStream in = storage.open(key)) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            if (bytes.length == MAX_BYTES) {
                throw RepositoryException.corrupt(key.value(), "it is larger than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + key, e);
        }
    }

    /** Empty if there is no such object. */
    static Optional<JsonObject> find(ObjectStorage storage, ObjectKey key) {
        try {
            return Optional.of(read(storage, key));
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
    }

    static JsonObject read(ObjectStorage storage, ObjectKey key) {
        return FormatVersion.check(SealedJson.read(key.value(), bytes(storage, key)));
    }
}

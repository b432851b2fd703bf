package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a store refused a key without saying so. A gateway to a filesystem can't hold an object under the folder
 * of others, and answers that it exists, or with an internal error.
 */
final class KeyConflicts {
    private final S3Access access;
    private final S3Reads reads;

    KeyConflicts(S3Access access, S3Reads reads) {
        this.access = access;
        this.reads = reads;
    }

    /** The error for a key that the store says is taken: usually that it is. */
    StorageException taken(ObjectKey key, Throwable cause) {
        return reads.stat(key).isPresent()
                ? access.errors().exists(key, cause)
                : find(key, cause).orElseGet(() -> access.errors().goneAgain(key, cause));
    }

    /** Empty if no other key stands in the way. */
    Optional<StorageException> find(ObjectKey key, @Nullable Throwable cause) {
        if (isFolder(key)) {
            return Optional.of(conflict(key, key + " is the folder of other objects", cause));
        }
        String value = key.value();
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', slash + 1)) {
            ObjectKey folder = new ObjectKey(value.substring(0, slash));
            if (reads.stat(folder).isPresent()) {
                return Optional.of(conflict(key, folder + " is an object and can't be a folder too", cause));
            }
        }
        return Optional.empty();
    }

    private boolean isFolder(ObjectKey key) {
        return !access.errors()
                .call(
                        "list",
                        "the objects under " + key,
                        () -> access.client()
                                .listObjectsV2(access.requests()
                                        .list(key + "/")
                                        .maxKeys(1)
                                        .build())
                                .contents()
                                .isEmpty());
    }

    private StorageException conflict(ObjectKey key, String reason, @Nullable Throwable cause) {
        return new StorageException(
                "storage.key-conflict",
                "Cannot write " + key + " in " + access.place() + ": " + reason + ". Choose another key.",
                cause);
    }
}

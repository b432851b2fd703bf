package dev.pitr.gcs;

import com.google.api.services.storage.model.StorageObject;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** How keys are named in a bucket: behind a prefix, if there is one. */
final class ObjectNames {
    private static final Pattern KEY_CHARACTERS = Pattern.compile("[A-Za-z0-9._/-]*");

    private final String base;

    /**
     * Creates the names.
     *
     * @param prefix empty, or a key
     */
    ObjectNames(String prefix) {
        this.base = prefix.isEmpty() ? "" : prefix + "/";
    }

    String of(ObjectKey key) {
        return base + key.value();
    }

    /** The name that a key with this start starts with. */
    String of(String start) {
        return base + start;
    }

    /** Refuses an answer that lacks what was asked for: it was damaged on the way. */
    static void requireComplete(StorageObject object) throws IOException {
        if (object.getName() == null || object.getTimeCreated() == null) {
            throw new IOException("the answer lacks an object's name or time");
        }
    }

    /** What a listing tells of an object; empty if its name isn't that of a key. */
    Optional<ObjectInfo> info(StorageObject object) {
        return key(object.getName()).map(key -> info(key, object));
    }

    ObjectInfo info(ObjectKey key, StorageObject object) {
        // An empty object's size is left out by some servers.
        long size = object.getSize() == null ? 0 : object.getSize().longValue();
        return new ObjectInfo(
                key, size, Instant.ofEpochMilli(object.getTimeCreated().getValue()));
    }

    private Optional<ObjectKey> key(String name) {
        if (!name.startsWith(base)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectKey(name.substring(base.length())));
        } catch (IllegalArgumentException e) {
            // Hidden, or somebody else's.
            return Optional.empty();
        }
    }

    static boolean canStartKeys(String prefix) {
        return KEY_CHARACTERS.matcher(prefix).matches();
    }

    /** The start of a listing without characters that a request can't carry; no key lies between the two. */
    static String listable(String from) {
        for (int i = 0; i < from.length(); i++) {
            char c = from.charAt(i);
            if (c < ' ' || c > '~') {
                return from.substring(0, i) + (c > '~' ? "~" : "");
            }
        }
        return from;
    }
}

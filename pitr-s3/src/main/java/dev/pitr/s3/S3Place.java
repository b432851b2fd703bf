package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A bucket and the prefix in it: how our keys and the bucket's names correspond. */
final class S3Place {
    /** What is left of S3's 1,024 bytes when our longest key is taken off. */
    private static final int MAX_PREFIX_LENGTH = 120;

    private final String bucket;
    private final String prefix;

    private S3Place(String bucket, String prefix) {
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /** A null prefix is the whole bucket. */
    static S3Place of(String bucket, @Nullable String prefix) {
        if (!bucket.matches("[A-Za-z0-9._:/-]{1,255}")) {
            throw new IllegalArgumentException(
                    "Invalid bucket name \"" + bucket + "\": expected a bucket, or the ARN of an access point");
        }
        return new S3Place(bucket, prefix == null ? "" : checked(prefix) + "/");
    }

    private static String checked(String prefix) {
        if (prefix.length() > MAX_PREFIX_LENGTH) {
            throw new IllegalArgumentException(
                    "Invalid prefix of " + prefix.length() + " characters: expected at most " + MAX_PREFIX_LENGTH);
        }
        return new ObjectKey(prefix).value();
    }

    String bucket() {
        return bucket;
    }

    /** Empty, or ends with a slash. */
    String prefix() {
        return prefix;
    }

    String nameOf(ObjectKey key) {
        return prefix + key.value();
    }

    /** Empty for what is no key of ours: somebody else's object, or a working object of this store. */
    Optional<ObjectKey> keyOf(String name) {
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ObjectKey(name.substring(prefix.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        String all = "s3://" + bucket + "/" + prefix;
        return all.substring(0, all.length() - 1);
    }
}

package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that what arrived is what was sent.
 *
 * <p>Every upload carries a CRC-32C of ours ahead of it; a store that knows checksums refuses a damaged one, and returns
 * its own. A store that returns none may not have looked: from then on it gets a Content-MD5, which stores have checked
 * since long before. The one upload that taught this is compared by its entity tag, or read back.
 */
final class UploadProof {
    private static final Logger LOG = LoggerFactory.getLogger(UploadProof.class);
    private static final int BUFFER_BYTES = 1 << 16;

    private final S3Access access;
    private final boolean usesCrc32c;
    private volatile boolean md5Needed;

    UploadProof(S3Access access, boolean alwaysMd5) {
        this.access = access;
        this.usesCrc32c = !alwaysMd5;
        this.md5Needed = alwaysMd5;
    }

    /** False for stores that stumble over checksums. */
    boolean usesCrc32c() {
        return usesCrc32c;
    }

    boolean needsMd5() {
        return md5Needed;
    }

    /** Compares the checksum that the store returned; false if it returned none. */
    boolean isConfirmed(String verb, ObjectKey key, OutgoingContent sent, @Nullable String crc32c) {
        if (crc32c == null) {
            learnSilence();
            return false;
        }
        if (!crc32c.equals(sent.crc32cText())) {
            throw corrupt(verb, key);
        }
        return true;
    }

    private void learnSilence() {
        if (!md5Needed) {
            md5Needed = true;
            LOG.info("{} returns no checksums: uploads carry a Content-MD5 from now on", access.place());
        }
    }

    /** Confirms an object that was stored before the store was known to return no checksums. */
    void confirmStored(String verb, ObjectKey key, OutgoingContent sent, @Nullable String entityTag) {
        Uninterrupted.run(() -> {
            if (!Checksums.isTagOf(sent.md5(), entityTag) && crc32cOfStored(key) != sent.crc32c()) {
                throw corrupt(verb, key);
            }
        });
    }

    private int crc32cOfStored(ObjectKey key) {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = new S3Reads(access).open(key)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A stream of ours throws no IOException", e);
        }
        return (int) crc.getValue();
    }

    RuntimeException corrupt(String verb, ObjectKey key) {
        return access.errors()
                .corrupt(
                        verb,
                        key,
                        "what the store has is not what was sent: it was damaged on the way. Check the network and"
                                + " what lies between, and try again.");
    }
}

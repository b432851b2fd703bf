package dev.pitr.repository;

import dev.pitr.storage.StorageCorruptException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Passes bytes through and compares their number and SHA-256 with what is expected: at the first byte too many, or when
 * the end is reached, it throws. Closed before the end, it has verified nothing.
 */
final class VerifyingInputStream extends FilterInputStream {
    private final String where;
    private final long expectedSizeBytes;
    private final String expectedSha256;
    private final MessageDigest digest = Sha256.start();
    private long sizeBytes;
    private boolean ended;

    VerifyingInputStream(InputStream in, String where, long expectedSizeBytes, String expectedSha256) {
        super(in);
        this.where = where;
        this.expectedSizeBytes = expectedSizeBytes;
        this.expectedSha256 = expectedSha256;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = ended ? -1 : in.read(buffer, offset, length);
        if (count > 0) {
            sizeBytes += count;
            if (sizeBytes > expectedSizeBytes) {
                throw corrupt("it is longer than the expected " + expectedSizeBytes + " bytes");
            }
            digest.update(buffer, offset, count);
        } else if (count < 0 && !ended) {
            ended = true;
            checkEnd();
        }
        return count;
    }

    private void checkEnd() {
        if (sizeBytes != expectedSizeBytes) {
            throw corrupt("it ends after " + sizeBytes + " of " + expectedSizeBytes + " bytes");
        }
        String sha256 = Sha256.finish(digest);
        if (!sha256.equals(expectedSha256)) {
            throw corrupt("its SHA-256 is " + sha256 + " instead of " + expectedSha256);
        }
    }

    private StorageCorruptException corrupt(String reason) {
        return new StorageCorruptException(
                "Cannot read " + where + ": " + reason + ". Restore this object from a copy of the repository.", null);
    }

    /** Reads what is left, so that it is verified; for streams whose reader stops at an end of its own. */
    void drain() throws IOException {
        byte[] buffer = new byte[8192];
        while (read(buffer, 0, buffer.length) >= 0) {
            // Only the verification counts.
        }
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 64 << 10)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

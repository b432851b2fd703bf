package dev.pitr.repository;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.pitr.error.PitrException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decompresses stored bytes that are verified at their end: turns what the decompressor says into our error, and reads
 * the stored bytes to their end before it tells its own.
 */
final class VerifiedZstd extends InputStream {
    private final VerifyingInputStream stored;
    private final InputStream raw;
    private final String where;

    private VerifiedZstd(VerifyingInputStream stored, InputStream raw, String where) {
        this.stored = stored;
        this.raw = raw;
        this.where = where;
    }

    static VerifiedZstd open(String where, VerifyingInputStream stored) {
        try {
            return new VerifiedZstd(stored, new ZstdInputStreamNoFinalizer(stored), where);
        } catch (IOException e) {
            Closing.after(e, stored);
            throw RepositoryException.corrupt(where, "it can't be decompressed", e);
        }
    }

    /** As above, and the raw bytes are verified too. */
    static VerifiedZstd open(String where, VerifyingInputStream stored, long rawSizeBytes, String rawSha256) {
        VerifiedZstd zstd = open(where, stored);
        return new VerifiedZstd(stored, new VerifyingInputStream(zstd, where, rawSizeBytes, rawSha256), where);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            int count = raw.read(buffer, offset, length);
            if (count < 0) {
                stored.drain();
            }
            return count;
        } catch (PitrException e) {
            throw e;
        } catch (IOException e) {
            throw RepositoryException.corrupt(where, "it can't be decompressed", e);
        }
    }

    @Override
    public void close() throws IOException {
        raw.close();
    }
}

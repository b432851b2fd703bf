package dev.pitr.repository;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.pitr.storage.Content;
import dev.pitr.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;

/** Compresses a WAL file into a buffer and measures it on the way. */
final class WalCompressor {
    private static final int CHUNK_BYTES = 128 << 10;
    private static final int HEAD_BYTES = 64;

    private WalCompressor() {}

    /**
     * What was measured.
     *
     * @param head the first bytes of the file, as many as there are up to some dozen
     */
    record Result(long rawSizeBytes, String rawSha256, long dataSizeBytes, String dataSha256, byte[] head) {}

    static Result compress(Content raw, SpillBuffer target, int level) throws IOException {
        MessageDigest rawDigest = Sha256.start();
        MessageDigest dataDigest = Sha256.start();
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] head = new byte[0];
        long size = 0;
        try (InputStream in = raw.open();
                OutputStream zstd =
                        new ZstdOutputStreamNoFinalizer(new DigestOutputStream(target, dataDigest), level)) {
            for (int count = in.readNBytes(chunk, 0, CHUNK_BYTES);
                    count > 0;
                    count = in.readNBytes(chunk, 0, CHUNK_BYTES)) {
                head = size == 0 ? Arrays.copyOf(chunk, Math.min(count, HEAD_BYTES)) : head;
                size += count;
                rawDigest.update(chunk, 0, count);
                zstd.write(chunk, 0, count);
            }
        }
        checkSize(raw, size);
        return new Result(size, Sha256.finish(rawDigest), target.sizeBytes(), Sha256.finish(dataDigest), head);
    }

    private static void checkSize(Content raw, long size) {
        if (size != raw.sizeBytes()) {
            throw new StorageException(
                    "storage.content-size",
                    "Cannot archive: the file has " + size + " bytes instead of " + raw.sizeBytes()
                            + ". It changed while it was read; try again when its writer has finished it.",
                    null);
        }
    }
}

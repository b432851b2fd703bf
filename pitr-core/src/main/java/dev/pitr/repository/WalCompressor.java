package dev.pitr.repository;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.pitr.storage.Content;
import dev.pitr.storage.StorageException;
import dev.pitr.wal.WalFormatException;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.record.SegmentScan;
import dev.pitr.wal.record.SegmentSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a WAL file into a buffer and measures it on the way. The frame has zstd's checksum, so that who restores with
 * {@code zstd} alone sees damage too.
 */
final class WalCompressor {
    private static final int CHUNK_BYTES = 128 << 10;

    private WalCompressor() {}

    /**
     * What was measured.
     *
     * @param page the header of the first page, if the file begins with one
     * @param summary what the scan says, if the file begins with a page
     */
    record Result(
            long rawSizeBytes,
            String rawSha256,
            long dataSizeBytes,
            String dataSha256,
            Optional<WalPageHeader> page,
            Optional<SegmentSummary> summary) {}

    /**
     * Reads the file once, whatever is made of it.
     *
     * @param scan is fed with a segment, null for other files
     */
    static Result compress(Content raw, SpillBuffer target, int level, @Nullable SegmentScan scan) throws IOException {
        MessageDigest rawDigest = Sha256.start();
        MessageDigest dataDigest = Sha256.start();
        byte[] chunk = new byte[CHUNK_BYTES];
        byte[] head = new byte[0];
        long size = 0;
        try (InputStream in = raw.open();
                OutputStream zstd = new ZstdOutputStreamNoFinalizer(
                                new DigestOutputStream(target.sink(), dataDigest), level)
                        .setChecksum(true)) {
            for (int count = in.readNBytes(chunk, 0, CHUNK_BYTES);
                    count > 0;
                    count = in.readNBytes(chunk, 0, CHUNK_BYTES)) {
                head = size == 0 ? Arrays.copyOf(chunk, Math.min(count, WalPageHeader.BYTES)) : head;
                size += count;
                rawDigest.update(chunk, 0, count);
                if (scan != null) {
                    scan.feed(chunk, 0, count);
                }
                zstd.write(chunk, 0, count);
            }
        }
        checkSize(raw, size);
        Optional<WalPageHeader> page = scan == null ? Optional.empty() : findPage(head);
        return new Result(
                size,
                Sha256.finish(rawDigest),
                target.sizeBytes(),
                Sha256.finish(dataDigest),
                page,
                scan == null || page.isEmpty() ? Optional.empty() : Optional.of(scan.finish()));
    }

    /** Whether the page is the right one is the archiver's to judge; a store keeps what it is given. */
    private static Optional<WalPageHeader> findPage(byte[] head) {
        try {
            return Optional.of(WalPageHeader.parse(head));
        } catch (WalFormatException e) {
            return Optional.empty();
        }
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

package dev.pitr.s3;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageUrl;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * Uploads a stream of unknown length and reads it back, to be run with a small heap against a server that runs already.
 * Arguments: a URL as of {@link StorageUrl}, and the length in MiB.
 */
final class LongStreamProgram {
    private static final int PIECE_BYTES = 1 << 20;
    private static final ObjectKey KEY = new ObjectKey("long/stream");

    private LongStreamProgram() {}

    public static void main(String[] arguments) throws IOException {
        int mebibytes = Integer.parseInt(arguments[1]);
        try (ObjectStorage storage = StorageUrl.parse(arguments[0]).open()) {
            long start = System.nanoTime();
            long sent = upload(storage, mebibytes);
            long uploaded = System.nanoTime();
            long read = checksum(storage, mebibytes);
            long done = System.nanoTime();
            storage.delete(List.of(KEY));
            if (sent != read) {
                throw new IllegalStateException("What was read is not what was sent");
            }
            System.out.printf(
                    "%d MiB: uploaded at %.0f MiB/s, read at %.0f MiB/s, heap of at most %d MiB, %.0f s in collections%n",
                    mebibytes,
                    mebibytes * 1e9 / (uploaded - start),
                    mebibytes * 1e9 / (done - uploaded),
                    Runtime.getRuntime().maxMemory() >> 20,
                    ManagementFactory.getGarbageCollectorMXBeans().stream()
                                    .mapToLong(collector -> collector.getCollectionTime())
                                    .sum()
                            / 1e3);
        }
    }

    private static long upload(ObjectStorage storage, int mebibytes) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[PIECE_BYTES];
        new Random(1).nextBytes(piece);
        try (ObjectUpload upload = storage.upload(KEY)) {
            for (int i = 0; i < mebibytes; i++) {
                // No two pieces are the same, so that one in another's place is found out.
                piece[i % PIECE_BYTES]++;
                crc.update(piece);
                upload.write(piece);
            }
            upload.commit();
        }
        return crc.getValue();
    }

    private static long checksum(ObjectStorage storage, int mebibytes) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[PIECE_BYTES];
        long total = 0;
        try (InputStream in = storage.open(KEY)) {
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                crc.update(piece, 0, n);
                total += n;
            }
        }
        if (total != (long) mebibytes * PIECE_BYTES) {
            throw new IllegalStateException("Read " + total + " bytes");
        }
        return crc.getValue();
    }
}

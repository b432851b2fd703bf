package dev.pitr.wal.record;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** A record that lies in more than one page, put together piece by piece. Keeps its first bytes, and checks them all. */
final class RecordAssembly {
    private static final int INITIAL_BYTES = 32 << 10;

    private final int limit;
    private final CRC32C crc = new CRC32C();
    private byte[] buffer = new byte[INITIAL_BYTES];
    private long start;
    private int length;
    private int received;
    private int retained;
    private boolean isChecked;

    RecordAssembly(int limit) {
        this.limit = limit;
    }

    void begin(long startLsn, int lengthBytes) {
        start = startLsn;
        length = lengthBytes;
        received = 0;
        retained = 0;
        isChecked = true;
        crc.reset();
    }

    void append(byte[] from, int offset, int count) {
        retain(from, offset, count);
        int headerBytes = Math.max(0, Math.min(RecordHeader.BYTES - received, count));
        crc.update(from, offset + headerBytes, count - headerBytes);
        received += count;
    }

    private void retain(byte[] from, int offset, int count) {
        int kept = retained == received ? Math.min(count, limit - retained) : 0;
        if (kept > buffer.length - retained) {
            int wanted = Math.max(retained + kept, 2 * buffer.length);
            buffer = Arrays.copyOf(buffer, Math.min(limit, wanted));
        }
        System.arraycopy(from, offset, buffer, retained, kept);
        retained += kept;
    }

    /** Counts bytes that are not at hand: the checksum can't be checked any more. */
    void skip(int count) {
        received += count;
        isChecked &= count == 0;
    }

    boolean hasHeader() {
        return retained >= RecordHeader.BYTES;
    }

    int missing() {
        return length - received;
    }

    boolean isChecked() {
        return isChecked;
    }

    int checksum() {
        crc.update(buffer, 0, RecordHeader.CRC);
        return (int) crc.getValue();
    }

    byte[] bytes() {
        return buffer;
    }

    long start() {
        return start;
    }

    int length() {
        return length;
    }

    int received() {
        return received;
    }

    int retained() {
        return retained;
    }
}

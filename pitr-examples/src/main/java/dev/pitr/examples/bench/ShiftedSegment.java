package dev.pitr.examples.bench;

import dev.pitr.wal.WalPageHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A real segment moved to another place in the WAL: page addresses, links between records and checksums are made right
 * again. It must begin with a record of its own and end with a switch to the next segment.
 */
final class ShiftedSegment {
    private static final int PAGE_BYTES = WalPageHeader.PAGE_BYTES;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;
    private static final int PREVIOUS = 8;
    private static final int INFO = 16;
    private static final int RESOURCE_MANAGER = 17;
    private static final int CHECKSUM = 20;
    private static final int RECORD_HEADER = 24;
    private static final int SWITCH = 0x40;

    private final ByteBuffer segment;
    private final long start;

    ShiftedSegment(byte[] original, long start) {
        this.segment = ByteBuffer.wrap(original.clone()).order(ByteOrder.LITTLE_ENDIAN);
        this.start = start;
    }

    byte[] bytes() {
        return segment.array();
    }

    /**
     * Moves it.
     *
     * @param previous the start of the last record before
     * @return the start of its last record
     */
    long link(long previous) {
        for (int page = 0; page < segment.capacity(); page += PAGE_BYTES) {
            if (segment.getShort(page) != 0) {
                segment.putLong(page + 8, start + page);
            }
        }
        long last = previous;
        int at = LONG_HEADER;
        while (true) {
            byte[] record = new byte[segment.getInt(at)];
            int end = copy(at, record, true);
            ByteBuffer view = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
            view.putLong(PREVIOUS, last);
            CRC32C crc = new CRC32C();
            crc.update(record, RECORD_HEADER, record.length - RECORD_HEADER);
            crc.update(record, 0, CHECKSUM);
            view.putInt(CHECKSUM, (int) crc.getValue());
            copy(at, record, false);
            last = start + at;
            if (record[RESOURCE_MANAGER] == 0 && (record[INFO] & 0xF0) == SWITCH) {
                return last;
            }
            at = afterHeader((end + 7) & ~7);
        }
    }

    /** Copies a record out of its pages, or back; returns where it ends. */
    private int copy(int from, byte[] record, boolean out) {
        int at = from;
        int done = 0;
        while (done < record.length) {
            at = afterHeader(at);
            int count = Math.min(record.length - done, PAGE_BYTES - at % PAGE_BYTES);
            if (out) {
                segment.get(at, record, done, count);
            } else {
                segment.put(at, record, done, count);
            }
            done += count;
            at += count;
        }
        return at;
    }

    private static int afterHeader(int at) {
        return at % PAGE_BYTES == 0 ? at + SHORT_HEADER : at;
    }
}

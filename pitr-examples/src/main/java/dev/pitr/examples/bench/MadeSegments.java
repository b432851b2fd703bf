package dev.pitr.examples.bench;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Makes the first page of segments that hold a few commits and a switch to the next segment: valid WAL in 8 KiB, since what
 * follows a switch holds nothing.
 */
final class MadeSegments {
    static final ClusterIdentity CLUSTER =
            new ClusterIdentity(7_512_345_678_901_234_567L, PostgresVersion.V17, WalSegmentSize.DEFAULT);

    private static final int COMMITS = 20;
    private static final int RECORD_HEADER = 24;
    private static final long START_MICROSECONDS = 800_000_000_000_000L;

    private final ByteBuffer page =
            ByteBuffer.allocate(WalPageHeader.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long previous;
    private int at;

    static WalSegment segment(long number) {
        return new WalSegment(TimelineId.FIRST, number, CLUSTER.segmentSize());
    }

    /** Segments are to be made in the order of their numbers, so that each links to the one before. */
    byte[] next(long number) {
        long start = segment(number).start().value();
        page.clear();
        page.put(new byte[WalPageHeader.PAGE_BYTES]).clear();
        page.putShort(0, (short) CLUSTER.version().pageMagic())
                .putShort(2, (short) 2)
                .putInt(4, 1)
                .putLong(8, start);
        page.putLong(24, CLUSTER.systemIdentifier())
                .putInt(32, CLUSTER.segmentSize().bytes())
                .putInt(36, 8192);
        at = WalPageHeader.BYTES;
        for (int i = 0; i < COMMITS; i++) {
            long transaction = number * COMMITS + i;
            append(start, 1, 0x00, (int) transaction + 1000, START_MICROSECONDS + transaction * 1000);
        }
        append(start, 0, 0x40, 0, -1);
        return page.array().clone();
    }

    /** A record with a time as its main data; without any if that is negative. */
    private void append(long segmentStart, int resourceManager, int info, int xid, long time) {
        int length = RECORD_HEADER + (time < 0 ? 0 : 2 + Long.BYTES);
        page.putInt(at, length).putInt(at + 4, xid).putLong(at + 8, previous);
        page.put(at + 16, (byte) info).put(at + 17, (byte) resourceManager);
        if (time >= 0) {
            page.put(at + RECORD_HEADER, (byte) 255).put(at + RECORD_HEADER + 1, (byte) Long.BYTES);
            page.putLong(at + RECORD_HEADER + 2, time);
        }
        CRC32C crc = new CRC32C();
        crc.update(page.slice(at + RECORD_HEADER, length - RECORD_HEADER));
        crc.update(page.slice(at, RECORD_HEADER - Integer.BYTES));
        page.putInt(at + RECORD_HEADER - Integer.BYTES, (int) crc.getValue());
        previous = segmentStart + at;
        at += (length + 7) & ~7;
    }
}

package dev.pitr.archive;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32C;

/** Segments of 1 MiB of valid records with noise in them. */
final class FakeWal {
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final ClusterIdentity CLUSTER = new ClusterIdentity(-7_000_000_000_000_000_001L, PostgresVersion.V18, SIZE);

    private static final int PAGES = SIZE.bytes() / WalPageHeader.PAGE_BYTES;
    private static final int RECORD_HEADER = 24;

    private FakeWal() {}

    static WalSegment segment(long number) {
        return new WalSegment(TimelineId.FIRST, number, SIZE);
    }

    static WalFileName name(long number) {
        return new WalFileName.Segment(segment(number));
    }

    /** A segment with records of noise on its first pages, the last of them half full, and zero bytes to its end. */
    static byte[] bytes(WalSegment segment, int pages) {
        Random noise = new Random(segment.number());
        ByteBuffer bytes = ByteBuffer.allocate(SIZE.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        long previous = segment.start().value() - 8192;
        for (int page = 0; page < pages; page++) {
            int start = page * WalPageHeader.PAGE_BYTES;
            writeHeader(bytes, segment, start);
            boolean isHalf = page == pages - 1 && pages < PAGES;
            int end = start + WalPageHeader.PAGE_BYTES - (isHalf ? 4096 : 0);
            for (int at = start + (page == 0 ? 40 : 24); at < end; ) {
                int length = lengthOfNext(noise, end - at);
                writeRecord(bytes, at, length, previous, noise);
                previous = segment.start().value() + at;
                at += length;
            }
        }
        return bytes.array();
    }

    private static void writeHeader(ByteBuffer bytes, WalSegment segment, int start) {
        bytes.putShort(start, (short) CLUSTER.version().pageMagic());
        bytes.putShort(start + 2, (short) (start == 0 ? 2 : 0));
        bytes.putInt(start + 4, (int) segment.timeline().value());
        bytes.putLong(start + 8, segment.start().plus(start).value());
        if (start == 0) {
            bytes.putLong(24, CLUSTER.systemIdentifier());
            bytes.putInt(32, SIZE.bytes());
            bytes.putInt(36, WalPageHeader.PAGE_BYTES);
        }
    }

    /** Records have a multiple of 8 bytes here, and fill what there is. */
    private static int lengthOfNext(Random noise, int left) {
        int length = 32 + 8 * noise.nextInt(28);
        return left - length < 32 && left <= 280 ? left : Math.min(length, left - 32);
    }

    /** A record that the server would do nothing about: XLOG NOOP, with noise as its main data. */
    private static void writeRecord(ByteBuffer bytes, int at, int length, long previous, Random noise) {
        byte[] data = new byte[length - RECORD_HEADER - 2];
        noise.nextBytes(data);
        bytes.putInt(at, length);
        bytes.putLong(at + 8, previous);
        bytes.put(at + 16, (byte) 0x20);
        bytes.put(at + RECORD_HEADER, (byte) 255);
        bytes.put(at + RECORD_HEADER + 1, (byte) data.length);
        bytes.put(at + RECORD_HEADER + 2, data);
        writeChecksum(bytes, at, length);
    }

    private static void writeChecksum(ByteBuffer bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at + RECORD_HEADER, length - RECORD_HEADER));
        crc.update(bytes.slice(at, RECORD_HEADER - 4));
        bytes.putInt(at + RECORD_HEADER - 4, (int) crc.getValue());
    }

    /** A segment that differs from {@link #bytes(WalSegment)} in one record only, the one that holds an offset. */
    static byte[] otherBytes(WalSegment segment, int offset) {
        ByteBuffer bytes = ByteBuffer.wrap(bytes(segment)).order(ByteOrder.LITTLE_ENDIAN);
        int page = offset / WalPageHeader.PAGE_BYTES * WalPageHeader.PAGE_BYTES;
        int at = page + (page == 0 ? 40 : 24);
        while (at + bytes.getInt(at) <= offset) {
            at += bytes.getInt(at);
        }
        bytes.put(at + RECORD_HEADER + 2, (byte) ~bytes.get(at + RECORD_HEADER + 2));
        writeChecksum(bytes, at, bytes.getInt(at));
        return bytes.array();
    }

    static byte[] bytes(WalSegment segment) {
        return bytes(segment, PAGES);
    }

    static Path write(Path folder, WalSegment segment) throws IOException {
        return Files.write(folder.resolve(segment.name()), bytes(segment));
    }
}

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

/** Segments of 1 MiB whose page headers are right and whose records are noise. */
final class FakeWal {
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final ClusterIdentity CLUSTER = new ClusterIdentity(-7_000_000_000_000_000_001L, PostgresVersion.V18, SIZE);

    private FakeWal() {}

    static WalSegment segment(long number) {
        return new WalSegment(TimelineId.FIRST, number, SIZE);
    }

    static WalFileName name(long number) {
        return new WalFileName.Segment(segment(number));
    }

    /** A segment with noise on its first pages, the last of them half full, and zero bytes to its end. */
    static byte[] bytes(WalSegment segment, int pages) {
        Random noise = new Random(segment.number());
        ByteBuffer bytes = ByteBuffer.allocate(SIZE.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 0; page < pages; page++) {
            int start = page * WalPageHeader.PAGE_BYTES;
            byte[] records = new byte[WalPageHeader.PAGE_BYTES - (page == pages - 1 ? 4096 : 0)];
            noise.nextBytes(records);
            bytes.put(start, records);
            bytes.putShort(start, (short) CLUSTER.version().pageMagic());
            bytes.putShort(start + 2, (short) (page == 0 ? 2 : 0));
            bytes.putInt(start + 4, (int) segment.timeline().value());
            bytes.putLong(start + 8, segment.start().plus(start).value());
            bytes.putInt(start + 16, 0);
        }
        bytes.putLong(24, CLUSTER.systemIdentifier());
        bytes.putInt(32, SIZE.bytes());
        bytes.putInt(36, WalPageHeader.PAGE_BYTES);
        return bytes.array();
    }

    static byte[] bytes(WalSegment segment) {
        return bytes(segment, SIZE.bytes() / WalPageHeader.PAGE_BYTES);
    }

    static Path write(Path folder, WalSegment segment) throws IOException {
        return Files.write(folder.resolve(segment.name()), bytes(segment));
    }
}

package dev.pitr.e2e.differential;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32C;

/**
 * Walks the records in consecutive bytes of WAL, as {@code xlogreader.c} does, stopping at the first thing that isn't as
 * it should be. Naive: it holds everything in memory.
 */
final class RecordWalk {
    private static final int PAGE = 8192;
    private static final int HEADER = 24;
    private static final int CONTINUES = 0x01;
    private static final int OVERWRITES = 0x08;

    private final ByteBuffer wal;
    private final long first;
    private final int segmentBytes;
    private final Function<Lsn, TimelineId> owners;
    private long position;
    private long previous;

    /** Walks bytes that begin at a segment's start; somebody else knows whose the records are. */
    RecordWalk(byte[] wal, Lsn start, WalSegmentSize segmentSize, Function<Lsn, TimelineId> owners) {
        this.wal = ByteBuffer.wrap(wal).order(ByteOrder.LITTLE_ENDIAN);
        this.first = start.value();
        this.segmentBytes = segmentSize.bytes();
        this.owners = owners;
        this.position = first;
    }

    /** Begins at a record whose start is known. */
    RecordWalk at(Lsn start) {
        position = start.value();
        return this;
    }

    /** Begins at the first record that starts in these bytes. */
    RecordWalk atFirstRecord() {
        while (isPage(position)) {
            long rest = rest(position);
            long room = (long) PAGE - headerBytes(position);
            if (rest < room) {
                position += headerBytes(position) + align(rest);
                return this;
            }
            position += PAGE;
        }
        return this;
    }

    private long rest(long page) {
        return (flags(page) & CONTINUES) == 0 ? 0 : Integer.toUnsignedLong(wal.getInt(index(page) + 16));
    }

    /** Returns the next record, empty at the end of what is valid. */
    Optional<PlainRecord> next() {
        if (position % PAGE == 0) {
            if (!isPage(position) || (flags(position) & CONTINUES) != 0) {
                return Optional.empty();
            }
            position += headerBytes(position);
        }
        long start = position;
        if (!holds(start, 4)) {
            return Optional.empty();
        }
        long length = Integer.toUnsignedLong(wal.getInt(index(start)));
        if (length < HEADER || length > wal.capacity()) {
            return Optional.empty();
        }
        return read(start, (int) length);
    }

    private Optional<PlainRecord> read(long start, int length) {
        byte[] bytes = new byte[length];
        int got = 0;
        long at = start;
        while (got < length) {
            if (at % PAGE == 0) {
                if (isPage(at) && (flags(at) & OVERWRITES) != 0) {
                    position = at;
                    return next();
                }
                if (!isPage(at) || rest(at) != length - got) {
                    return Optional.empty();
                }
                at += headerBytes(at);
            }
            int piece = (int) Math.min(length - got, PAGE - at % PAGE);
            if (!holds(at, piece)) {
                return Optional.empty();
            }
            wal.get(index(at), bytes, got, piece);
            got += piece;
            at += piece;
        }
        return accept(start, align(at), bytes);
    }

    private Optional<PlainRecord> accept(long start, long end, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean followsThePrevious = previous == 0 || in.getLong(8) == previous;
        if (!followsThePrevious || in.getInt(20) != crc(bytes)) {
            return Optional.empty();
        }
        boolean isSwitch = bytes[17] == 0 && (bytes[16] & 0xF0) == 0x40;
        previous = start;
        position = isSwitch ? (end + segmentBytes - 1) / segmentBytes * segmentBytes : end;
        Lsn from = new Lsn(start);
        return Optional.of(new PlainRecord(from, new Lsn(position), owners.apply(from), in, major()));
    }

    static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, HEADER, bytes.length - HEADER);
        crc.update(bytes, 0, 20);
        return (int) crc.getValue();
    }

    /** Puts a changed record of the same length into its place. */
    void write(Lsn start, byte[] bytes) {
        long at = start.value();
        for (byte b : bytes) {
            if (at % PAGE == 0) {
                at += headerBytes(at);
            }
            wal.put(index(at++), b);
        }
    }

    private int major() {
        return PostgresVersion.ofPageMagic(Short.toUnsignedInt(wal.getShort(0)))
                .orElseThrow()
                .major();
    }

    private boolean isPage(long page) {
        return holds(page, PAGE)
                && (wal.getShort(index(page)) & 0xFF00) == 0xD100
                && wal.getLong(index(page) + 8) == page;
    }

    private int flags(long page) {
        return wal.getShort(index(page) + 2);
    }

    private boolean holds(long at, int count) {
        return at >= first && at - first + count <= wal.capacity();
    }

    private int index(long at) {
        return (int) (at - first);
    }

    private int headerBytes(long page) {
        return page % segmentBytes == 0 ? 40 : 24;
    }

    private static long align(long value) {
        return (value + 7) & -8;
    }
}

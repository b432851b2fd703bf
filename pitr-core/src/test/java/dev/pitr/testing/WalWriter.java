package dev.pitr.testing;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Writes WAL as a server does, into segment files in memory: pages, records that go over pages and segments, the links
 * between records, checksums. From the layouts in PostgreSQL's {@code xlog_internal.h}, {@code xlogrecord.h} and
 * {@code xact.h}; it shares no code with the reader. One timeline; {@link #fork} gives the next.
 */
public final class WalWriter {
    private static final int PAGE_BYTES = 8192;
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final Map<PostgresVersion, Integer> MAGIC = Map.of(
            PostgresVersion.V13, 0xD106,
            PostgresVersion.V14, 0xD10D,
            PostgresVersion.V15, 0xD110,
            PostgresVersion.V16, 0xD113,
            PostgresVersion.V17, 0xD116,
            PostgresVersion.V18, 0xD118);

    /**
     * Where a record was written.
     *
     * @param start its first byte
     * @param end its end, as the server tells it
     */
    public record Span(Lsn start, Lsn end) {}

    private final ClusterIdentity identity;
    private final TimelineId timeline;
    private final NavigableMap<Long, byte[]> segments = new TreeMap<>();
    private long at;
    private long lastRecord;
    private boolean isOverwriting;

    /** Begins a timeline at the start of a segment, with a link to nowhere. */
    public WalWriter(ClusterIdentity identity, TimelineId timeline, long firstSegment) {
        this(identity, timeline, firstSegment * identity.segmentSize().bytes(), 0);
    }

    private WalWriter(ClusterIdentity identity, TimelineId timeline, long at, long lastRecord) {
        this.identity = identity;
        this.timeline = timeline;
        this.at = at;
        this.lastRecord = lastRecord;
    }

    /** The timeline that begins here: its first segment has the bytes of this one up to here. */
    public WalWriter fork(TimelineId child) {
        WalWriter writer = new WalWriter(identity, child, at, lastRecord);
        int offset = (int) (at % size().bytes());
        if (offset > 0) {
            byte[] copy = new byte[size().bytes()];
            System.arraycopy(bytes(at), 0, copy, 0, offset);
            writer.segments.put(at / size().bytes(), copy);
        }
        return writer;
    }

    /** The end of the last record. */
    public Lsn position() {
        return new Lsn(at);
    }

    /** The files, the last one with zero bytes at its end. */
    public NavigableMap<WalSegment, byte[]> files() {
        NavigableMap<WalSegment, byte[]> result = new TreeMap<>();
        segments.forEach((number, bytes) -> result.put(new WalSegment(timeline, number, size()), bytes));
        return Collections.unmodifiableNavigableMap(result);
    }

    /** The bytes of a segment, to be damaged. */
    public byte[] file(long number) {
        return segments.get(number);
    }

    public Span commit(long xid, Instant time) {
        return append(1, 0x00, xid, main(8).putLong(micros(time)));
    }

    public Span commit(long xid, Instant time, List<Long> subtransactions) {
        ByteBuffer data = main(16 + 4 * subtransactions.size())
                .putLong(micros(time))
                .putInt(0x02)
                .putInt(subtransactions.size());
        subtransactions.forEach(sub -> data.putInt((int) (long) sub));
        return append(1, 0x80, xid, data);
    }

    public Span abort(long xid, Instant time) {
        return append(1, 0x20, xid, main(8).putLong(micros(time)));
    }

    public Span commitPrepared(long xid, Instant time) {
        return append(1, 0xB0, 0, main(16).putLong(micros(time)).putInt(0x10).putInt((int) xid));
    }

    public Span abortPrepared(long xid, Instant time) {
        return append(1, 0xC0, 0, main(16).putLong(micros(time)).putInt(0x10).putInt((int) xid));
    }

    public Span prepare(long xid, Instant time, String gid) {
        byte[] name = (gid + "\0").getBytes(StandardCharsets.UTF_8);
        int length = 72 + (name.length + 7) / 8 * 8;
        ByteBuffer data = main(length)
                .putInt(0x57F94534)
                .putInt(length + 4)
                .putInt((int) xid)
                .putInt(5)
                .putLong(micros(time));
        data.putShort(54, (short) name.length).position(72);
        return append(1, 0x10, xid, data.put(name));
    }

    public Span restorePoint(String name, Instant time) {
        ByteBuffer data = main(72).putLong(micros(time)).put(name.getBytes(StandardCharsets.UTF_8));
        return append(0, 0x70, 0, data);
    }

    public Span backupEnd(Lsn backupStart) {
        return append(0, 0x50, 0, main(8).putLong(backupStart.value()));
    }

    public Span parameterChange(int maxConnections, int walLevel) {
        ByteBuffer data =
                main(28).putInt(maxConnections).putInt(8).putInt(10).putInt(0).putInt(64);
        return append(0, 0x60, 0, data.putInt(walLevel));
    }

    /** A checkpoint whose redo position is given; a shutdown checkpoint has its own, and says so by null. */
    public Span checkpoint(Lsn redo, Instant time) {
        return checkpoint(0x10, redo, timeline, time);
    }

    public Span shutdownCheckpoint(TimelineId previous, Instant time) {
        return checkpoint(0x00, new Lsn(startOfNext()), previous, time);
    }

    private Span checkpoint(int info, Lsn redo, TimelineId previous, Instant time) {
        ByteBuffer data = main(88);
        data.putLong(0, redo.value());
        data.putInt(8, (int) timeline.value()).putInt(12, (int) previous.value());
        data.put(16, (byte) 1).putInt(20, 1).putLong(24, 1000).putLong(64, time.getEpochSecond());
        return append(0, info, 0, data.position(88));
    }

    public Span endOfRecovery(TimelineId previous, Instant time) {
        ByteBuffer data = main(24).putLong(micros(time)).putInt((int) timeline.value());
        return append(0, 0x90, 0, data.putInt((int) previous.value()).putInt(1));
    }

    /** A snapshot in which no transaction runs. */
    public Span runningTransactions(boolean overflowed) {
        return runningTransactions(overflowed, new long[0]);
    }

    /** A snapshot of some transactions; overflowed, subtransactions are missing in it. */
    public Span runningTransactions(boolean overflowed, long... running) {
        ByteBuffer data = main(24 + 4 * running.length).putInt(running.length).putInt(0);
        data.put((byte) (overflowed ? 1 : 0)).putInt(12, 1000).putInt(20, 999);
        data.putInt(16, running.length == 0 ? 1000 : (int) running[0]).position(24);
        for (long xid : running) {
            data.putInt((int) xid);
        }
        return append(8, 0x10, 0, data);
    }

    public Span dropDatabase(long xid, long database) {
        return append(4, 0x20, xid, main(12).putInt((int) database).putInt(1).putInt(1663));
    }

    /** The row of {@code pg_database} is overwritten in place: the last moment before a DROP DATABASE. */
    public Span markDatabase() {
        byte[] body = new byte[20 + 2 + 22];
        ByteBuffer data = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 0).put((byte) 0).putShort((short) 0);
        data.putInt(1664).putInt(0).putInt(1262).putInt(0);
        data.put((byte) 255).put((byte) 22).putShort((short) 1);
        return write(10, 0x70, 0, body);
    }

    /** A record that says nothing to recovery, of a body of so many bytes. */
    public Span filler(int bytes) {
        return append(0, 0x20, 0, main(bytes).position(bytes));
    }

    /** The server crashes in the middle of a record, and says so in its place when it is back. */
    public Span crash(int bytesOfLost, Instant time) {
        long before = lastRecord;
        Span lost = filler(Math.max(bytesOfLost, PAGE_BYTES));
        long page = (lost.start().value() / PAGE_BYTES + 1) * PAGE_BYTES;
        for (long i = page; i < at; i++) {
            bytes(i)[(int) (i % size().bytes())] = 0;
        }
        at = page;
        lastRecord = before;
        isOverwriting = true;
        return append(0, 0xD0, 0, main(16).putLong(lost.start().value()).putLong(micros(time)));
    }

    /** Goes on in the next segment. */
    public Span switchSegment() {
        Span span = append(0, 0x40, 0, main(0));
        long next = (span.end().value() + size().bytes() - 1) / size().bytes() * size().bytes();
        at = next;
        return new Span(span.start(), new Lsn(next));
    }

    private Span append(int manager, int info, long xid, ByteBuffer main) {
        byte[] data = new byte[main.capacity()];
        main.rewind().get(data);
        int headerBytes = data.length == 0 ? 0 : data.length <= 255 ? 2 : 5;
        ByteBuffer body = ByteBuffer.allocate(headerBytes + data.length).order(ByteOrder.LITTLE_ENDIAN);
        if (headerBytes == 2) {
            body.put((byte) 255).put((byte) data.length);
        } else if (headerBytes == 5) {
            body.put((byte) 254).putInt(data.length);
        }
        return write(manager, info, xid, body.put(data).array());
    }

    private Span write(int manager, int info, long xid, byte[] body) {
        ByteBuffer record = ByteBuffer.allocate(24 + body.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(record.capacity()).putInt((int) xid).putLong(lastRecord);
        record.put((byte) info)
                .put((byte) manager)
                .putShort((short) 0)
                .putInt(0)
                .put(body);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), 24, body.length);
        crc.update(record.array(), 0, 20);
        record.putInt(20, (int) crc.getValue());
        at = startOfNext();
        if (at % PAGE_BYTES < 64 && bytes(at)[pageOffset()] == 0) {
            pageHeader(0);
        }
        Lsn start = new Lsn(at);
        copy(record.array());
        lastRecord = start.value();
        return new Span(start, new Lsn(at));
    }

    private long startOfNext() {
        return at % PAGE_BYTES == 0 ? at + headerBytes(at) : at;
    }

    private int pageOffset() {
        return (int) (at % size().bytes()) / PAGE_BYTES * PAGE_BYTES;
    }

    private void copy(byte[] record) {
        int done = 0;
        while (done < record.length) {
            if (at % PAGE_BYTES == 0) {
                at += headerBytes(at);
                pageHeader(record.length - done);
            }
            int count = (int) Math.min(record.length - done, PAGE_BYTES - at % PAGE_BYTES);
            System.arraycopy(record, done, bytes(at), (int) (at % size().bytes()), count);
            done += count;
            at += count;
        }
        at = (at + 7) / 8 * 8;
    }

    /** Writes the header of the page that holds the current position. */
    private void pageHeader(int remaining) {
        long page = at / PAGE_BYTES * PAGE_BYTES;
        boolean isLong = page % size().bytes() == 0;
        ByteBuffer header = ByteBuffer.wrap(bytes(page)).order(ByteOrder.LITTLE_ENDIAN);
        header.position((int) (page % size().bytes()));
        header.putShort((short) (int) MAGIC.get(identity.version()));
        header.putShort((short) ((remaining > 0 ? 1 : 0) | (isLong ? 2 : 0) | (isOverwriting ? 8 : 0)));
        isOverwriting = false;
        header.putInt((int) timeline.value()).putLong(page).putInt(remaining).putInt(0);
        if (isLong) {
            header.putLong(identity.systemIdentifier()).putInt(size().bytes()).putInt(PAGE_BYTES);
        }
    }

    private int headerBytes(long page) {
        return page % size().bytes() == 0 ? 40 : 24;
    }

    private byte[] bytes(long lsn) {
        return segments.computeIfAbsent(lsn / size().bytes(), number -> new byte[size().bytes()]);
    }

    private WalSegmentSize size() {
        return identity.segmentSize();
    }

    private static ByteBuffer main(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }
}

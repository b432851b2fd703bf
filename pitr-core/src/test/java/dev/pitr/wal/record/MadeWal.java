package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Writes records as a server lays them out, over pages and segments. Of segments above 1 MiB, only the pages that were
 * reached are there.
 */
public final class MadeWal {
    public static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    public static final long SYSTEM_IDENTIFIER = 7_512_345_678_901_234_567L;

    private static final int HEADER = 24;

    private final PostgresVersion version;
    private final TimelineId timeline;
    private final WalSegmentSize size;
    private final SortedMap<WalSegment, byte[]> segments = new TreeMap<>();
    private long position;
    private long previous;

    /** Starts at the beginning of a segment. */
    public MadeWal(PostgresVersion version, WalSegment first) {
        this.version = version;
        this.timeline = first.timeline();
        this.size = first.size();
        this.position = first.start().value();
        this.previous = position - 100;
    }

    /** The segments written so far; the last one may end with zero bytes. */
    public SortedMap<WalSegment, byte[]> segments() {
        return segments;
    }

    public Lsn position() {
        return new Lsn(position);
    }

    public Lsn commit(long xid, long microseconds) {
        return append(1, 0x00, xid, mainData(number(microseconds)));
    }

    public Lsn abort(long xid, long microseconds) {
        return append(1, 0x20, xid, mainData(number(microseconds)));
    }

    public Lsn restorePoint(String name, long microseconds) {
        byte[] data = Arrays.copyOf(number(microseconds), 72);
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, data, 8, text.length);
        return append(0, 0x70, 0, mainData(data));
    }

    /** An insert with a page image. */
    public Lsn insert(long xid, long relation) {
        ByteBuffer body = ByteBuffer.allocate(4 + 5 + 16 + 2 + 8192 + 3).order(ByteOrder.LITTLE_ENDIAN);
        body.put((byte) 0).put((byte) 0x10).putShort((short) 0);
        body.putShort((short) 8192).putShort((short) 0).put((byte) 0);
        body.putInt(1663).putInt(5).putInt((int) relation).putInt(7);
        body.put((byte) 255).put((byte) 3);
        byte[] image = new byte[8192];
        Arrays.fill(image, (byte) relation);
        body.put(image).put(new byte[] {1, 0, 0});
        return append(10, 0x00, xid, body.array());
    }

    /** A logical message of any length: nothing that a summary tells of. */
    public Lsn message(int bytes) {
        byte[] data = new byte[26 + bytes];
        Arrays.fill(data, 26, data.length, (byte) 'x');
        ByteBuffer.wrap(data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 5)
                .putLong(8, 2)
                .putLong(16, bytes)
                .put(24, (byte) 'm');
        return append(21, 0x00, 0, mainData(data));
    }

    /** A record of an extension's resource manager. */
    public Lsn custom(int resourceManager) {
        return append(resourceManager, 0x00, 0, mainData(new byte[100]));
    }

    /**
     * A record that a crash cuts off at the end of its first page, and what the server writes in place of its rest.
     *
     * @return where the lost record begins
     */
    public Lsn lostRecord(long microseconds) {
        enterPage(0);
        long lost = position;
        int left = WalPageHeader.PAGE_BYTES - size.offsetInSegment(new Lsn(position)) % WalPageHeader.PAGE_BYTES;
        ByteBuffer record = ByteBuffer.allocate(left).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0, 20_000);
        if (left >= HEADER) {
            record.putLong(8, previous).put(17, (byte) 21);
        }
        write(record.array());
        enterPage(0);
        int page = size.offsetInSegment(new Lsn(position)) / WalPageHeader.PAGE_BYTES * WalPageHeader.PAGE_BYTES;
        segment()[page + 2] |= 0x08;
        byte[] data = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(lost)
                .putLong(microseconds)
                .array();
        append(0, 0xD0, 0, mainData(data));
        return new Lsn(lost);
    }

    /** Goes on in the next segment. */
    public Lsn switchSegment() {
        Lsn start = append(0, 0x40, 0, new byte[0]);
        position = (position + size.bytes() - 1) / size.bytes() * size.bytes();
        return start;
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static byte[] mainData(byte[] data) {
        ByteBuffer body = ByteBuffer.allocate(5 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        if (data.length < 256) {
            body.put((byte) 255).put((byte) data.length);
        } else {
            body.put((byte) 254).putInt(data.length);
        }
        body.put(data);
        return Arrays.copyOf(body.array(), body.position());
    }

    private Lsn append(int manager, int info, long xid, byte[] body) {
        ByteBuffer record = ByteBuffer.allocate(HEADER + body.length).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(HEADER + body.length).putInt((int) xid).putLong(previous);
        record.put((byte) info)
                .put((byte) manager)
                .putShort((short) 0)
                .putInt(0)
                .put(body);
        CRC32C crc = new CRC32C();
        crc.update(record.array(), HEADER, body.length);
        crc.update(record.array(), 0, HEADER - 4);
        record.putInt(HEADER - 4, (int) crc.getValue());
        enterPage(0);
        previous = position;
        write(record.array());
        position = (position + 7) & ~7L;
        return new Lsn(previous);
    }

    private void write(byte[] record) {
        for (int written = 0; written < record.length; ) {
            enterPage(record.length - written);
            int offset = size.offsetInSegment(new Lsn(position));
            int count = Math.min(record.length - written, WalPageHeader.PAGE_BYTES - offset % WalPageHeader.PAGE_BYTES);
            System.arraycopy(record, written, segment(), offset, count);
            written += count;
            position += count;
        }
    }

    /** The segment at the position, as far as its present page. */
    private byte[] segment() {
        WalSegment segment = WalSegment.containing(timeline, new Lsn(position), size);
        int pages = size.offsetInSegment(new Lsn(position)) / WalPageHeader.PAGE_BYTES + 1;
        int length = size.equals(SIZE) ? SIZE.bytes() : pages * WalPageHeader.PAGE_BYTES;
        byte[] bytes = segments.getOrDefault(segment, new byte[0]);
        if (bytes.length < length) {
            bytes = Arrays.copyOf(bytes, length);
            segments.put(segment, bytes);
        }
        return bytes;
    }

    /** Writes a page's header if the position is at its start. */
    private void enterPage(int remaining) {
        int offset = size.offsetInSegment(new Lsn(position));
        if (offset % WalPageHeader.PAGE_BYTES == 0) {
            ByteBuffer page = ByteBuffer.wrap(segment()).order(ByteOrder.LITTLE_ENDIAN);
            boolean isFirst = offset == 0;
            page.putShort(offset, (short) version.pageMagic());
            page.putShort(offset + 2, (short) ((isFirst ? 2 : 0) | (remaining > 0 ? 1 : 0)));
            page.putInt(offset + 4, (int) timeline.value());
            page.putLong(offset + 8, position);
            page.putInt(offset + 16, remaining);
            if (isFirst) {
                page.putLong(24, SYSTEM_IDENTIFIER).putInt(32, size.bytes()).putInt(36, WalPageHeader.PAGE_BYTES);
            }
            position += isFirst ? 40 : 24;
        }
    }
}

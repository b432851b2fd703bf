package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegmentSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes WAL as a server does, for tests of what no sample has. */
final class WalWriter {
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final Lsn START = new Lsn(5L << 20);
    static final long SYSTEM_IDENTIFIER = 0x7777_0000_1111_2222L;

    private static final int PAGE = WalPageHeader.PAGE_BYTES;

    private final PostgresVersion version;
    private final ByteBuffer out = ByteBuffer.allocate(4 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private int timeline = 1;
    private long previous = START.value() - 64;

    WalWriter(PostgresVersion version) {
        this.version = version;
        page(0, 0);
    }

    WalWriter timeline(int number) {
        timeline = number;
        return this;
    }

    private void page(int flags, int remaining) {
        boolean isLong = out.position() % SIZE.bytes() == 0;
        int at = out.position();
        out.putShort((short) version.pageMagic());
        out.putShort((short) (flags | (isLong ? 2 : 0)));
        out.putInt(timeline);
        out.putLong(START.value() + at);
        out.putInt(remaining).putInt(0);
        if (isLong) {
            out.putLong(SYSTEM_IDENTIFIER).putInt(SIZE.bytes()).putInt(PAGE);
        }
    }

    /** Appends a record without blocks. Returns where it begins. */
    Lsn append(int resourceManager, int info, int xid, byte[] mainData) {
        startPageIfNeeded();
        Lsn start = here();
        byte[] record = record(resourceManager, info, xid, mainData, previous);
        previous = start.value();
        write(record, record.length);
        return start;
    }

    /** Appends only the first bytes of a record, and fills its last page with zero bytes. Returns where it begins. */
    Lsn appendCut(int totalBytes, int writtenBytes) {
        startPageIfNeeded();
        Lsn start = here();
        write(record(10, 0, 1, new byte[totalBytes - 29], previous), writtenBytes);
        fillPage();
        return start;
    }

    /** Starts a page that says that the record before was lost, and appends the record that says so. */
    Lsn appendOverwriting(Lsn lost) {
        page(0x0008, 0);
        return append(0, 0xD0, 0, bytes(16).putLong(lost.value()).putLong(1).array());
    }

    /** Appends a segment switch, and zero bytes up to the next segment. */
    Lsn appendSwitch() {
        Lsn start = append(0, 0x40, 0, new byte[0]);
        int at = out.position();
        int rest = (SIZE.bytes() - at % SIZE.bytes()) % SIZE.bytes();
        out.put(new byte[rest]);
        return start;
    }

    private void startPageIfNeeded() {
        if (out.position() % PAGE == 0 && out.position() > 0) {
            page(0, 0);
        }
    }

    private Lsn here() {
        return START.plus(out.position());
    }

    private void write(byte[] record, int until) {
        for (int done = 0; done < until; ) {
            if (out.position() % PAGE == 0) {
                page(0x0001, record.length - done);
            }
            int count = Math.min(until - done, PAGE - out.position() % PAGE);
            out.put(record, done, count);
            done += count;
        }
        out.put(new byte[-out.position() & 7]);
    }

    /** Fills the last page with zero bytes. */
    WalWriter fillPage() {
        out.put(new byte[-out.position() & (PAGE - 1)]);
        return this;
    }

    WalWriter zeroPages(int count) {
        out.put(new byte[count * PAGE]);
        return this;
    }

    byte[] toBytes() {
        fillPage();
        return Arrays.copyOf(out.array(), out.position());
    }

    static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] record(int resourceManager, int info, int xid, byte[] mainData, long previous) {
        int header = mainData.length == 0 ? 0 : mainData.length < 256 ? 2 : 5;
        byte[] bytes = new byte[24 + header + mainData.length];
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(bytes.length).putInt(xid).putLong(previous);
        record.put((byte) info).put((byte) resourceManager).putShort((short) 0).putInt(0);
        if (header == 2) {
            record.put((byte) 255).put((byte) mainData.length);
        } else if (header == 5) {
            record.put((byte) 254).putInt(mainData.length);
        }
        record.put(mainData);
        seal(bytes, 0, bytes.length);
        return bytes;
    }

    /** Gives a record its checksum. */
    static void seal(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at + 24, length - 24);
        crc.update(bytes, at, 20);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 20, (int) crc.getValue());
    }
}

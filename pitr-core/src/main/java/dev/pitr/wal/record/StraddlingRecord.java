package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.Optional;

/**
 * A whole record put together from parts that lie in several segments; of a long one the middle is missing.
 *
 * @param version the version that wrote it
 * @param start its first byte
 * @param end where it ends
 * @param bytes its bytes, as far as kept
 */
record StraddlingRecord(PostgresVersion version, Lsn start, Lsn end, RecordFragment bytes) {
    /** Images of all blocks that a record can have make it longer than its bounds; beyond, only its start is looked at. */
    private static final int MAX_FILLED_BYTES = 512 << 10;

    /** A record's length stands in its first bytes, which always lie in one page. */
    static long totalLength(RecordFragment beginning) {
        return Integer.toUnsignedLong(LittleEndian.i32(beginning.edge(), RecordHeader.LENGTH));
    }

    RecordChain.Link link() {
        return new RecordChain.Link(start, new Lsn(LittleEndian.i64(bytes.edge(), RecordHeader.PREVIOUS)));
    }

    RecordChain.Span span() {
        return new RecordChain.Span(start, end);
    }

    /** Compares the checksum, if it can be known: it covers the bytes after the header, then those before it itself. */
    boolean isIntact() {
        byte[] edge = bytes.edge();
        if (edge.length < RecordHeader.BYTES) {
            return false;
        }
        if (bytes.crc().isEmpty()) {
            return true;
        }
        long bodyLength = bytes.length() - RecordHeader.BYTES;
        int body = CrcArithmetic.withoutStart(
                bytes.crc().getAsInt(), CrcArithmetic.of(edge, 0, RecordHeader.BYTES), bodyLength);
        int header = CrcArithmetic.of(edge, 0, RecordHeader.CRC);
        return CrcArithmetic.concatenated(body, header, RecordHeader.CRC) == LittleEndian.i32(edge, RecordHeader.CRC);
    }

    /** The record, to be read; empty if too little of it was kept. What was left out of its middle reads as zero. */
    Optional<WalRecord> record() {
        WalRecord record = new WalRecord();
        record.use(version);
        record.place(start.value(), end.value());
        if (bytes.isWhole()) {
            return record.set(bytes.edge(), 0, bytes.edge().length, bytes.edge().length)
                    ? Optional.of(record)
                    : Optional.empty();
        }
        if (bytes.length() <= MAX_FILLED_BYTES && isMainDataKept(record)) {
            return Optional.of(record);
        }
        return bytes.length() <= RecordHeader.MAX_BYTES
                        && record.set(bytes.edge(), 0, (int) bytes.length(), bytes.edge().length)
                ? Optional.of(record)
                : Optional.empty();
    }

    private boolean isMainDataKept(WalRecord record) {
        byte[] filled = bytes.filled();
        return record.set(filled, 0, filled.length, filled.length)
                && (record.mainDataOffset() >= filled.length - bytes.suffix().length
                        || record.mainDataOffset() + record.mainDataLength() <= bytes.edge().length);
    }
}

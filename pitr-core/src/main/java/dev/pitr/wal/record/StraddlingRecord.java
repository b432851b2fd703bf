package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;

/**
 * A whole record put together from parts that lie in several segments; of a long one the middle is missing.
 *
 * @param version the version that wrote it
 * @param start its first byte
 * @param end where it ends
 * @param bytes its bytes, as far as kept
 */
record StraddlingRecord(PostgresVersion version, Lsn start, Lsn end, RecordFragment bytes) {
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
}

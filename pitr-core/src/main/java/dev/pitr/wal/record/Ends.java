package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalPageHeader;

/** Tells the ends of WAL apart by the bytes that stand there. */
final class Ends {
    private Ends() {}

    static WalEnd invalid(long lsn, String reason) {
        return new WalEnd(WalEnd.Kind.INVALID, new Lsn(lsn), reason);
    }

    static WalEnd torn(long recordLsn, String reason) {
        return new WalEnd(WalEnd.Kind.TORN_RECORD, new Lsn(recordLsn), reason);
    }

    static WalEnd otherRest(long recordLsn, long at, long found, int expected) {
        return invalid(
                recordLsn,
                "the page at " + new Lsn(at) + " continues a record by " + found + " bytes, expected " + expected);
    }

    /** A page can't be read where another record would begin. */
    static WalEnd atPage(byte[] page, int at, long lsn, String wrong) {
        if (PageCheck.isZero(page, at)) {
            return new WalEnd(WalEnd.Kind.ZERO_TAIL, new Lsn(lsn), "zero bytes");
        }
        boolean isEarlier = PageCheck.isOfEarlierWal(page, at, lsn);
        return new WalEnd(isEarlier ? WalEnd.Kind.RECYCLED_PAGE : WalEnd.Kind.INVALID, new Lsn(lsn), wrong);
    }

    /** A page can't be read where a record would go on. */
    static WalEnd inRecord(long recordLsn, byte[] page, int at, long lsn, String wrong) {
        WalEnd end = atPage(page, at, lsn, wrong);
        return end.kind() == WalEnd.Kind.INVALID
                ? end
                : torn(
                        recordLsn,
                        "its rest is missing at " + new Lsn(lsn) + ": "
                                + (end.kind() == WalEnd.Kind.ZERO_TAIL ? "zero bytes" : "a page of earlier WAL"));
    }

    /** A record's length can't be one. */
    static WalEnd atLength(byte[] page, int pageAt, int at, long lsn, int length) {
        for (int i = at; i < pageAt + WalPageHeader.PAGE_BYTES; i += Long.BYTES) {
            if (LittleEndian.i64(page, i) != 0) {
                return invalid(lsn, "record length " + Integer.toUnsignedString(length));
            }
        }
        return new WalEnd(WalEnd.Kind.ZERO_TAIL, new Lsn(lsn), "zero bytes");
    }
}

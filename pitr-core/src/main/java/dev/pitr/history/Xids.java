package dev.pitr.history;

/** Comparing transaction ids, which wrap around: {@code TransactionIdPrecedes} in PostgreSQL's {@code transam.c}. */
final class Xids {
    private Xids() {}

    /** Whether a transaction was assigned its id before another, if both are younger than two billion transactions. */
    static boolean precedes(long xid, long other) {
        return (int) (xid - other) < 0;
    }
}

package dev.pitr.history;

/**
 * How a transaction ended. One that had not ended where the archived WAL does is no entry: every recovery rolls it back, or
 * leaves it prepared.
 */
public enum TransactionOutcome {
    /** Its changes last. */
    COMMITTED,
    /** Its changes are void. Subtransactions that were rolled back count as transactions of their own. */
    ABORTED
}

package dev.pitr.history;

import dev.pitr.wal.record.StopRecord;

/**
 * The end of a transaction and what is known of what it did.
 *
 * @param stop its end
 * @param tally what was read of it so far, subtransactions included
 */
record Ended(StopRecord stop, TransactionTally tally) {}

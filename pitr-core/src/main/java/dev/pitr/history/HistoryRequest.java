package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.RowCounts;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was asked.
 *
 * @param from the first position of a record
 * @param to the position before which records begin
 * @param since the earliest time
 * @param until the latest time
 * @param kinds the kinds asked for, any of them; all if empty
 * @param deletesOver how many rows make a mass delete
 * @param updatesOver how many rows make a mass update
 * @param relations the relations asked for
 * @param xid the transaction asked for
 * @param outcomes how transactions may have ended
 * @param readBehindBytes how much WAL to read behind a transaction's end for its beginning
 */
record HistoryRequest(
        Lsn from,
        Lsn to,
        Instant since,
        Instant until,
        Set<ChangeKind> kinds,
        OptionalLong deletesOver,
        OptionalLong updatesOver,
        RelationFilter relations,
        OptionalLong xid,
        Set<TransactionOutcome> outcomes,
        long readBehindBytes) {
    /** Summaries list changes from so many rows of a relation on. */
    static final long LISTED_ROWS = 16;

    /** Whether a threshold is so low that summaries don't tell. */
    boolean isExactlyCounted() {
        return deletesOver.orElse(LISTED_ROWS) < LISTED_ROWS || updatesOver.orElse(LISTED_ROWS) < LISTED_ROWS;
    }

    /** Whether listed rows, with some that no list has, may be over a threshold; most of them must be listed. */
    boolean mayBeOver(RowCounts listed, RowCounts unlisted) {
        return mayBeOver(listed.deleted(), unlisted.deleted(), deletesOver)
                || mayBeOver(listed.updated(), unlisted.updated(), updatesOver);
    }

    private static boolean mayBeOver(long listed, long unlisted, OptionalLong threshold) {
        return threshold.isPresent() && listed + unlisted > threshold.getAsLong() && listed > threshold.getAsLong() / 2;
    }

    /** Whether rows are at least that part of a threshold. */
    boolean isShare(RowCounts rows, long shares) {
        return isShare(rows.deleted(), deletesOver, shares) || isShare(rows.updated(), updatesOver, shares);
    }

    private static boolean isShare(long rows, OptionalLong threshold, long shares) {
        return threshold.isPresent() && rows > 0 && rows >= threshold.getAsLong() / shares;
    }

    /** Whether there are so many rows of a kind that a threshold is set for. */
    boolean mayCount(RowCounts rows, long least) {
        return (deletesOver.isPresent() && rows.deleted() >= least)
                || (updatesOver.isPresent() && rows.updated() >= least);
    }

    boolean hasThreshold() {
        return deletesOver.isPresent() || updatesOver.isPresent();
    }
}

package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.StretchSummary;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Transactions with mass changes, as summaries tell them.
 *
 * @param rows by the start of the stop record: at least these rows
 * @param segments where those records end
 * @param xids the transactions and their subtransactions
 */
record MassHits(Map<Lsn, Map<RelationFile, RowCounts>> rows, NavigableSet<WalSegment> segments, Set<Long> xids) {
    static final MassHits NONE = new MassHits(Map.of(), new TreeSet<>(), Set.of());

    boolean areIn(StretchSummary stretch) {
        WalSegment next = segments.ceiling(stretch.first());
        return next != null && next.compareTo(stretch.last()) <= 0;
    }

    Optional<Map<RelationFile, RowCounts>> at(Lsn stopStart) {
        return Optional.ofNullable(rows.get(stopStart));
    }
}

package dev.pitr.history;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.Checkpoint;
import dev.pitr.wal.record.RelationChanges;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEvent;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Adds up the changes that summaries list for each transaction, in WAL order, and finds the ends of those that may be mass
 * changes. Holds the transactions that may be running: a checkpoint tells which ones have ended.
 */
final class MassSearch {
    /** A share of the threshold from which on a subtransaction is looked at: many make up one transaction. */
    private static final long SHARES = 1000;

    private final HistoryRequest request;
    private final ArchivedPath path;
    private final WalIndex index;
    private final MassEnds ends;
    private final Map<Long, Candidate> running = new HashMap<>();
    private RowCounts unlisted = RowCounts.NONE;

    /** A transaction, perhaps a subtransaction, with listed changes. */
    static final class Candidate {
        private final Map<RelationFile, RowCounts> rows = new LinkedHashMap<>(2);
        private WalSegment last;

        Candidate(WalSegment first) {
            last = first;
        }

        void add(WalSegment segment, RelationChanges changes) {
            last = segment;
            rows.merge(changes.relation(), changes.rows(), RowCounts::plus);
        }

        /** The last segment with changes: it ends there or later. */
        WalSegment last() {
            return last;
        }

        Map<RelationFile, RowCounts> rows() {
            return rows;
        }

        RowCounts sum() {
            return rows.values().stream().reduce(RowCounts.NONE, RowCounts::plus);
        }
    }

    MassSearch(HistoryRequest request, ArchivedPath path, WalIndex index, PostgresVersion version) {
        this.request = request;
        this.path = path;
        this.index = index;
        ends = new MassEnds(path, index, version);
    }

    MassHits find() {
        for (WalCoverage.Run run : path.runs(Lsn.ZERO, request.to())) {
            try (Stream<SegmentSummary> summaries = index.summaries(run, this::mayMatter)) {
                Iterator<SegmentSummary> each = summaries.iterator();
                while (each.hasNext()) {
                    add(each.next());
                }
            }
        }
        settle(running);
        return ends.hits();
    }

    private boolean mayMatter(StretchSummary stretch) {
        return request.mayCount(stretch.rows(), HistoryRequest.LISTED_ROWS);
    }

    private void add(SegmentSummary summary) {
        RowCounts listed = RowCounts.NONE;
        for (RelationChanges changes : summary.changes()) {
            listed = listed.plus(changes.rows());
            if (request.isShare(changes.rows(), SHARES) && !changes.relation().isCatalog()) {
                running.computeIfAbsent(changes.xid(), xid -> new Candidate(summary.segment()))
                        .add(summary.segment(), changes);
            }
        }
        addUnlisted(summary.stretch().rows(), listed);
        for (WalEvent event : summary.events()) {
            if (event instanceof Checkpoint checkpoint && checkpoint.oldestActive() != 0) {
                settleBefore(checkpoint);
            }
        }
    }

    /** Those older than the oldest that ran at a checkpoint have ended before it. */
    private void settleBefore(Checkpoint checkpoint) {
        Map<Long, Candidate> ended = new HashMap<>();
        running.forEach((xid, candidate) -> {
            if (Xids.precedes(xid, checkpoint.oldestActive())) {
                ended.put(xid, candidate);
            }
        });
        running.keySet().removeAll(ended.keySet());
        if (!checkpoint.time().isBefore(request.since()) && !checkpoint.start().isBefore(request.from())) {
            settle(ended);
        }
    }

    /** Rows that no list has: of many small shares. */
    private void addUnlisted(RowCounts all, RowCounts listed) {
        unlisted = unlisted.plus(new RowCounts(
                0, Math.max(0, all.updated() - listed.updated()), Math.max(0, all.deleted() - listed.deleted())));
    }

    /** Looks for the ends of these, if together they may reach a threshold. */
    private void settle(Map<Long, Candidate> ended) {
        RowCounts sum = ended.values().stream().map(Candidate::sum).reduce(RowCounts.NONE, RowCounts::plus);
        if (request.mayBeOver(sum, unlisted)) {
            ends.find(ended, rows -> request.mayBeOver(rows, unlisted));
        }
    }
}

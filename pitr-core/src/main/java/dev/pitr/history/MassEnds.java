package dev.pitr.history;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the commits of transactions whose changes are known, from their last change on, and folds subtransactions. */
final class MassEnds {
    private final ArchivedPath path;
    private final WalIndex index;
    private final PostgresVersion version;

    private final Map<Lsn, Map<RelationFile, RowCounts>> rows = new HashMap<>();
    private final NavigableSet<WalSegment> segments = new TreeSet<>();
    private final Set<Long> xids = new HashSet<>();

    MassEnds(ArchivedPath path, WalIndex index, PostgresVersion version) {
        this.path = path;
        this.index = index;
        this.version = version;
    }

    MassHits hits() {
        return new MassHits(rows, segments, xids);
    }

    /** Reads from the last changes on until all have ended, or the WAL does. */
    void find(Map<Long, MassSearch.Candidate> candidates, Predicate<RowCounts> isMass) {
        TreeMap<WalSegment, Set<Long>> byLast = new TreeMap<>();
        candidates.forEach((xid, candidate) -> byLast.computeIfAbsent(candidate.last(), last -> new HashSet<>())
                .add(xid));
        Map<Long, MassSearch.Candidate> open = new HashMap<>();
        ForwardReader reader = new ForwardReader(index, version);
        WalSegment at = byLast.isEmpty() ? null : byLast.firstKey();
        while (at != null) {
            for (long xid : byLast.getOrDefault(at, Set.of())) {
                MassSearch.Candidate candidate = candidates.get(xid);
                if (candidate != null) {
                    open.put(xid, candidate);
                }
            }
            if (!open.isEmpty() && mayEndIn(at, open.keySet())) {
                WalSegment segment = at;
                reader.stops(at, stop -> end(segment, stop, open, isMass));
            }
            at = open.isEmpty() ? byLast.higherKey(at) : path.after(at).orElse(null);
        }
    }

    /** What they belong to has a smaller number, or theirs. */
    private boolean mayEndIn(WalSegment segment, Set<Long> open) {
        try (Stream<SegmentSummary> summaries = index.summaries(new WalCoverage.Run(segment, segment))) {
            return summaries
                    .findFirst()
                    .map(summary -> summary.stops().count() > 0
                            && open.stream()
                                    .anyMatch(xid -> !Xids.precedes(
                                            xid, summary.stops().leastXid().orElse(xid))))
                    .orElse(false);
        }
    }

    private void end(
            WalSegment segment, StopRecord stop, Map<Long, MassSearch.Candidate> open, Predicate<RowCounts> isMass) {
        Map<RelationFile, RowCounts> sums = new LinkedHashMap<>();
        take(open.remove(stop.xid()), sums);
        stop.subtransactions().forEach(subtransaction -> take(open.remove(subtransaction), sums));
        RowCounts sum = sums.values().stream().reduce(RowCounts.NONE, RowCounts::plus);
        if (stop.kind().isCommit() && isMass.test(sum)) {
            rows.put(stop.start(), sums);
            segments.add(segment);
            xids.add(stop.xid());
            xids.addAll(stop.subtransactions());
        }
    }

    private static void take(MassSearch.@Nullable Candidate candidate, Map<RelationFile, RowCounts> sums) {
        if (candidate != null) {
            candidate.rows().forEach((file, counts) -> sums.merge(file, counts, RowCounts::plus));
        }
    }
}

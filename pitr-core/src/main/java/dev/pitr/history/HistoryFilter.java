package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.record.DroppedItem;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StopStatistics;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEvent;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What a query asks for, at each step: which stretches of WAL may hold it, which segments must be read for it, which ends
 * of transactions may be it, and which entries are.
 */
final class HistoryFilter {
    /** Kinds that show in summaries, so that other segments needn't be read. */
    private static final Set<ChangeKind> NOTABLE = EnumSet.of(
            ChangeKind.DROP,
            ChangeKind.INDEX_DROP,
            ChangeKind.TRUNCATE,
            ChangeKind.REWRITE,
            ChangeKind.REBUILD,
            ChangeKind.DATABASE_DROP,
            ChangeKind.MASS_DELETE,
            ChangeKind.MASS_UPDATE,
            ChangeKind.RESTORE_POINT,
            ChangeKind.TIMELINE_SWITCH);

    private static final Set<ChangeKind> NEW_FILES = EnumSet.of(ChangeKind.TRUNCATE, ChangeKind.REBUILD);

    private final HistoryRequest request;
    private final PostgresVersion version;
    private final MassHits mass;

    HistoryFilter(HistoryRequest request, PostgresVersion version, MassHits mass) {
        this.request = request;
        this.version = version;
        this.mass = mass;
    }

    /** Whether only what shows in summaries is asked for. */
    boolean isNotableOnly() {
        return !request.kinds().isEmpty()
                && NOTABLE.containsAll(request.kinds())
                && !request.isExactlyCounted()
                && request.xid().isEmpty();
    }

    private boolean wants(ChangeKind kind) {
        return request.kinds().isEmpty() || request.kinds().contains(kind);
    }

    private boolean wantsMarks() {
        return request.xid().isEmpty() && request.relations().isAny();
    }

    boolean wantsMark(WalEvent mark) {
        boolean isRestorePoint = mark instanceof WalEvent.RestorePoint;
        Instant time = isRestorePoint ? ((WalEvent.RestorePoint) mark).time() : ((WalEvent.TimelineSwitch) mark).time();
        return wantsMarks()
                && wants(isRestorePoint ? ChangeKind.RESTORE_POINT : ChangeKind.TIMELINE_SWITCH)
                && isInRange(mark.start(), time);
    }

    private boolean isInRange(Lsn start, Instant time) {
        return !start.isBefore(request.from())
                && start.isBefore(request.to())
                && !time.isBefore(request.since())
                && !time.isAfter(request.until());
    }

    /** Whether a stretch may hold an entry; true if it may hold one in any part. */
    boolean mayHold(StretchSummary stretch) {
        return mayHoldMark(stretch, ChangeKind.RESTORE_POINT, Occurrence.RESTORE_POINT)
                || mayHoldMark(stretch, ChangeKind.TIMELINE_SWITCH, Occurrence.TIMELINE_SWITCH)
                || mayHoldDatabaseDrop(stretch)
                || mass.areIn(stretch)
                || mayHoldTransaction(stretch);
    }

    private boolean mayHoldMark(StretchSummary stretch, ChangeKind kind, Occurrence occurrence) {
        return wantsMarks() && wants(kind) && stretch.count(occurrence) > 0;
    }

    private boolean mayHoldDatabaseDrop(StretchSummary stretch) {
        return wants(ChangeKind.DATABASE_DROP)
                && request.xid().isEmpty()
                && stretch.count(Occurrence.DATABASE_DROPPED) > 0;
    }

    private boolean mayHoldTransaction(StretchSummary stretch) {
        StopStatistics stops = stretch.stops();
        if (stops.count() == 0 || isOutside(stops)) {
            return false;
        }
        if (request.xid().isPresent()) {
            return stops.mayHold(request.xid().getAsLong());
        }
        if (isNotableOnly()) {
            return wantsFileKinds() && stretch.count(Occurrence.FILES_DROPPED) > 0;
        }
        return !request.isExactlyCounted() || mayReachCounts(stretch.rows());
    }

    private boolean isOutside(StopStatistics stops) {
        return stops.greatestTime().orElse(Instant.MAX).isBefore(request.since())
                || stops.leastTime().orElse(Instant.MIN).isAfter(request.until());
    }

    private boolean mayReachCounts(RowCounts rows) {
        return !NOTABLE.containsAll(request.kinds()) || request.mayCount(rows, 1) || wantsFileKinds();
    }

    private boolean wantsFileKinds() {
        return wants(ChangeKind.DROP)
                || wants(ChangeKind.INDEX_DROP)
                || wants(ChangeKind.TRUNCATE)
                || wants(ChangeKind.REWRITE)
                || wants(ChangeKind.REBUILD);
    }

    /** Whether a segment's records must be read, or its summary says it all. */
    boolean needsRecords(SegmentSummary summary) {
        if (!isNotableOnly()) {
            return mayHoldTransaction(summary.stretch()) || mayHoldDatabaseDrop(summary.stretch());
        }
        return (isCut(summary) && mayHold(summary.stretch()))
                || mass.areIn(summary.stretch())
                || summary.events().stream().anyMatch(this::isCandidate);
    }

    private static boolean isCut(SegmentSummary summary) {
        return !summary.cut().isEmpty()
                && (summary.cut().contains(SegmentSummary.Part.EVENTS)
                        || summary.stretch().count(Occurrence.FILES_DROPPED) > 0);
    }

    private boolean isCandidate(WalEvent event) {
        if (event instanceof WalEvent.DatabaseDropped) {
            return wants(ChangeKind.DATABASE_DROP);
        }
        return event instanceof StopRecord stop && mayRemoveFiles(stop) && isInRange(stop.start(), stop.time());
    }

    /** The transactions, subtransactions too, whose changes a segment must be read for. */
    LongPredicate wanted(SegmentSummary summary) {
        if (request.xid().isPresent()) {
            long xid = request.xid().getAsLong();
            return any -> !Xids.precedes(any, xid);
        }
        if (!isNotableOnly() || isCut(summary)) {
            return any -> true;
        }
        Set<Long> candidates = new HashSet<>(mass.xids());
        for (WalEvent event : summary.events()) {
            if (event instanceof WalEvent.DatabaseDropped dropped && wants(ChangeKind.DATABASE_DROP)) {
                candidates.add(dropped.xid());
            } else if (event instanceof StopRecord stop && isCandidate(stop)) {
                candidates.add(stop.xid());
                candidates.addAll(stop.subtransactions());
            }
        }
        return candidates::contains;
    }

    /** Whether a record that ends in the segment and begins before it may be an entry's. */
    boolean mayStraddle(SegmentSummary summary) {
        Lsn segmentStart = summary.segment().start();
        if (isNotableOnly()) {
            return summary.events().stream()
                    .anyMatch(event -> event.start().isBefore(segmentStart) && isCandidate(event));
        }
        return summary.chain()
                .first()
                .map(first -> first.start().isBefore(segmentStart))
                .orElse(false);
    }

    /** Whether the end of a transaction may be an entry, before more is known of it. */
    boolean mayMatch(StopRecord stop, TransactionTally tally) {
        if (stop.kind().isCommit()
                ? !request.outcomes().contains(TransactionOutcome.COMMITTED)
                : !request.outcomes().contains(TransactionOutcome.ABORTED)) {
            return false;
        }
        if (!isInRange(stop.start(), stop.time())) {
            return false;
        }
        if (request.xid().isPresent()) {
            return stop.xid() == request.xid().getAsLong();
        }
        return !isNotableOnly()
                || mayRemoveFiles(stop)
                || (tally.databaseDrop() != null && wants(ChangeKind.DATABASE_DROP))
                || mass.at(stop.start()).isPresent();
    }

    private boolean mayRemoveFiles(StopRecord stop) {
        if (!wantsFileKinds() || !stop.kind().isCommit() || stop.droppedFiles().isEmpty()) {
            return false;
        }
        if (request.kinds().isEmpty() || !version.isAtLeast(PostgresVersion.V15)) {
            return true;
        }
        long gone = stop.droppedItems().stream()
                .filter(item -> item.kind() == DroppedItem.RELATION)
                .count();
        boolean mayGo =
                gone > 0 && (wants(ChangeKind.DROP) || wants(ChangeKind.INDEX_DROP) || wants(ChangeKind.REWRITE));
        boolean mayBeReplaced =
                stop.droppedFiles().size() > gone && request.kinds().stream().anyMatch(NEW_FILES::contains);
        return mayGo || mayBeReplaced;
    }

    /** Whether an entry is asked for. */
    boolean accepts(Set<ChangeKind> kinds) {
        return request.kinds().isEmpty() || kinds.stream().anyMatch(request.kinds()::contains);
    }

    HistoryRequest request() {
        return request;
    }

    MassHits mass() {
        return mass;
    }
}

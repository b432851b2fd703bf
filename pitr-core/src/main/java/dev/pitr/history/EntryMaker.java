package dev.pitr.history;

import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Makes entries of what was found, if they are what was asked for. */
final class EntryMaker {
    private final HistoryFilter filter;
    private final ArchivedPath path;
    private final PostgresVersion version;
    private final RelationNames names;

    EntryMaker(HistoryFilter filter, ArchivedPath path, PostgresVersion version, RelationNames names) {
        this.filter = filter;
        this.path = path;
        this.version = version;
        this.names = names;
    }

    Optional<HistoryEntry> entry(Pending found) {
        Ended ended = found.ended();
        return ended == null ? Optional.of(mark(found.mark())) : transaction(ended, found.isWhole());
    }

    private HistoryEntry mark(WalEvent mark) {
        if (mark instanceof WalEvent.RestorePoint point) {
            return new HistoryEntry.Builder()
                    .kinds(EnumSet.of(ChangeKind.RESTORE_POINT))
                    .at(point.time(), point.start(), point.end(), path.timelineAt(point.start()))
                    .name(point.name())
                    .before(
                            before(point.start(), "its position, which stays exact if several have this name"),
                            point.start())
                    .build();
        }
        WalEvent.TimelineSwitch fork = (WalEvent.TimelineSwitch) mark;
        return new HistoryEntry.Builder()
                .kinds(EnumSet.of(ChangeKind.TIMELINE_SWITCH))
                .at(fork.time(), fork.start(), fork.end(), fork.to())
                .before(before(fork.start(), "the end of what was replayed from timeline " + fork.from()), fork.start())
                .build();
    }

    private static TargetBefore before(Lsn position, String reason) {
        return new TargetBefore(RecoveryTarget.lsn(position).exclusive(), reason);
    }

    private Optional<HistoryEntry> transaction(Ended ended, boolean isWhole) {
        StopRecord stop = ended.stop();
        TransactionTally tally = ended.tally();
        Map<RelationFile, RowCounts> rows = rows(ended, isWhole);
        Fingerprint fingerprint = Fingerprint.of(ended, isWhole, version);
        if (fingerprint.kinds().contains(ChangeKind.REWRITE)) {
            // Of some rewrites the rows are logged as inserts into the new file.
            rows.keySet().removeAll(tally.createdFiles());
        }
        Set<ChangeKind> kinds = EnumSet.copyOf(fingerprint.kinds());
        if (stop.kind().isCommit()) {
            addMass(kinds, rows);
        }
        if (!filter.accepts(kinds) || !filter.request().relations().accepts(stop, tally)) {
            return Optional.empty();
        }
        HistoryEntry.Builder entry = new HistoryEntry.Builder()
                .kinds(kinds)
                .at(stop.time(), stop.start(), stop.end(), path.timelineAt(stop.start()))
                .transaction(
                        stop.kind().isCommit() ? TransactionOutcome.COMMITTED : TransactionOutcome.ABORTED, stop.xid())
                .changes(changes(rows))
                .dropped(dropped(stop, fingerprint))
                .doubts(fingerprint.doubts());
        if (stop.kind().isPrepared()) {
            entry.prepared();
        }
        if (!isWhole) {
            entry.incomplete();
        }
        addDatabase(entry, ended);
        addTarget(entry, ended);
        return Optional.of(entry.build());
    }

    /** What was read, or what summaries say where that is more. */
    private Map<RelationFile, RowCounts> rows(Ended ended, boolean isWhole) {
        Map<RelationFile, RowCounts> rows = ended.tally().rows();
        Optional<Map<RelationFile, RowCounts>> listed =
                isWhole ? Optional.empty() : filter.mass().at(ended.stop().start());
        if (listed.isEmpty()) {
            return rows;
        }
        Map<RelationFile, RowCounts> most = new LinkedHashMap<>(rows);
        listed.get().forEach((file, counts) -> most.merge(file, counts, (a, b) -> a.total() < b.total() ? b : a));
        return most;
    }

    private void addMass(Set<ChangeKind> kinds, Map<RelationFile, RowCounts> rows) {
        HistoryRequest request = filter.request();
        if (isOver(request.deletesOver(), rows, RowCounts::deleted)) {
            kinds.add(ChangeKind.MASS_DELETE);
        }
        if (isOver(request.updatesOver(), rows, RowCounts::updated)) {
            kinds.add(ChangeKind.MASS_UPDATE);
        }
    }

    private static boolean isOver(
            OptionalLong threshold, Map<RelationFile, RowCounts> rows, ToLongFunction<RowCounts> count) {
        return threshold.isPresent() && rows.values().stream().mapToLong(count).sum() > threshold.getAsLong();
    }

    private List<ChangedRelation> changes(Map<RelationFile, RowCounts> rows) {
        List<ChangedRelation> result = new ArrayList<>();
        rows.forEach((file, counts) -> {
            if (counts.total() != 0) {
                result.add(new ChangedRelation(file, names.relation(file), counts));
            }
        });
        return result;
    }

    private List<DroppedRelation> dropped(StopRecord stop, Fingerprint fingerprint) {
        List<DroppedRelation> result = new ArrayList<>();
        for (RelationId relation : fingerprint.dropped()) {
            // A server drops what depends on a table before it: so the table comes first here.
            result.add(0, DroppedRelation.of(relation, null, names.relation(relation)));
        }
        boolean isDrop = fingerprint.kinds().contains(ChangeKind.DROP)
                || fingerprint.kinds().contains(ChangeKind.INDEX_DROP);
        if (result.isEmpty() && isDrop) {
            for (RelationFile file : stop.droppedFiles()) {
                result.add(DroppedRelation.of(null, file, names.relation(file)));
            }
        }
        return result;
    }

    private void addDatabase(HistoryEntry.Builder entry, Ended ended) {
        DatabaseDrop drop = ended.tally().databaseDrop();
        long database = drop != null && drop.database() != 0
                ? drop.database()
                : ended.stop().database().orElse(ended.tally().database());
        entry.database(database, names.database(database));
    }

    private static void addTarget(HistoryEntry.Builder entry, Ended ended) {
        StopRecord stop = ended.stop();
        DatabaseDrop drop = ended.tally().databaseDrop();
        if (drop != null) {
            entry.before(
                    before(
                            drop.lastWhole(),
                            "a database goes at once, not at the commit: this is the last position with it whole"),
                    drop.lastWhole());
            return;
        }
        String reason = stop.kind().isPrepared()
                ? "before the end of the transaction that was prepared: it is prepared still, to be rolled back by"
                        + " ROLLBACK PREPARED"
                : "before this transaction's end: it is undone, with all that ended later";
        entry.before(new TargetBefore(RecoveryTarget.xid(stop.xid()).exclusive(), reason), stop.start());
    }
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.RecordChain;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEnd;
import dev.pitr.wal.record.WalEvent;
import dev.pitr.wal.record.WalLevel;
import dev.pitr.wal.record.WalRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a server ends that recovers from one backup along one path: the {@link StopRule} over all its records, of
 * which only those are read that can matter. Stretches and segments that certainly can't are passed over by their
 * summaries. For one search.
 */
final class StopFinder {
    /** What is asked for beside the stop. */
    enum Purpose {
        /** Whatever a plan should tell of the way. */
        PLAN,
        /** The last commit when the backup is consistent. */
        WINDOW
    }

    private final Backup backup;
    private final Purpose purpose;
    private final TimelinePath path;
    private final WalIndex index;
    private final WalSegmentSize size;
    private final PathRecords records;
    private final StopRule rule;
    private final List<WalEvent.ParameterChange> changes = new ArrayList<>();
    private final List<WalEvent.DatabaseDropped> databaseDrops = new ArrayList<>();
    private @Nullable StretchSummary previous;
    private @Nullable ReplayedRecord lastRecord;
    private @Nullable RecoveryStop stop;
    private @Nullable WalFault fault;
    private long lastSegment;

    StopFinder(Backup backup, RecoveryTarget target, TimelinePath path, WalIndex index, Purpose purpose) {
        this.backup = backup;
        this.purpose = purpose;
        this.path = path;
        this.index = index;
        this.size = backup.identity().segmentSize();
        this.records = new PathRecords(path, index, size);
        this.rule = new StopRule(backup, target);
        this.lastSegment = WalNeed.first(backup, size) - 1;
    }

    /** Searches the path from the backup's start through a segment, all archived. */
    StopSearch find(long through) {
        for (WalCoverage.Run run : path.runs(lastSegment + 1, through)) {
            if (walk(run)) {
                break;
            }
        }
        RecoveryStop end = stop == null ? rule.endOfWal() : stop;
        return new StopSearch(
                end,
                lastSegment,
                Optional.ofNullable(lastRecord),
                rule.commitAtConsistency(),
                Optional.ofNullable(fault),
                changes,
                databaseDrops,
                records.segmentsRead());
    }

    private boolean walk(WalCoverage.Run run) {
        try (Stream<StretchSummary> stretches = index.stretches(run)) {
            for (Iterator<StretchSummary> i = stretches.iterator(); i.hasNext(); ) {
                StretchSummary stretch = joined(i.next());
                if (visit(stretch)) {
                    return true;
                }
                previous = stretch;
            }
            return false;
        }
    }

    /** The index joins the stretches of one timeline; at a fork it's the path that knows what comes before. */
    private StretchSummary joined(StretchSummary stretch) {
        return previous != null
                        && !previous.first().timeline().equals(stretch.first().timeline())
                ? stretch.joinedTo(previous)
                : stretch;
    }

    private boolean visit(StretchSummary stretch) {
        if (isOfNoInterest(stretch)) {
            passOver(stretch, false);
            return false;
        }
        return stretch.length() > 1
                ? walk(new WalCoverage.Run(stretch.first(), stretch.last()))
                : visitSegment(stretch);
    }

    private boolean isOfNoInterest(StretchSummary stretch) {
        if (stretch.chain().last().isEmpty()) {
            return isWhole(stretch);
        }
        boolean isBackup = !rule.isConsistent() || !rule.hasBackupEnded();
        return !rule.test().mayMeet(stretch)
                && !isBackup
                && isWhole(stretch)
                && stretch.leastWalLevel()
                        .filter(level -> level == WalLevel.MINIMAL)
                        .isEmpty()
                && (purpose == Purpose.WINDOW
                        || (stretch.count(Occurrence.PARAMETER_CHANGE) == 0
                                && stretch.count(Occurrence.DATABASE_DROPPED) == 0));
    }

    private boolean isWhole(StretchSummary stretch) {
        RecordChain chain = stretch.chain();
        return chain.brokenAt().isEmpty() && chain.end().kind().canContinue() && follows(chain);
    }

    /** Whether the first record of a chain names the last record replayed as the one before. */
    private boolean follows(RecordChain chain) {
        ReplayedRecord last = lastRecord;
        return last == null
                || chain.first()
                        .map(first -> first.previous().equals(last.start()))
                        .orElse(true);
    }

    private boolean visitSegment(StretchSummary stretch) {
        if (!follows(stretch.chain())) {
            Lsn first = stretch.chain().first().orElseThrow().start();
            fault = new WalFault(
                    stretch.first(), first, WalEnd.Kind.INVALID, "its first record doesn't follow the one before");
            return true;
        }
        SegmentSummary summary = summary(stretch.first().number());
        boolean mustRead = rule.test().mayMeet(stretch)
                || !isWhole(stretch)
                || isOpenAtConsistency(stretch)
                || summary.cut().contains(SegmentSummary.Part.EVENTS)
                || summary.events().stream().anyMatch(this::mayFail);
        if (mustRead) {
            return read(stretch);
        }
        summary.events().forEach(this::note);
        passOver(stretch, summary.events().stream().anyMatch(this::isEndOfBackup));
        return false;
    }

    /** Whether the backup becomes consistent somewhere between the transactions that end in a segment. */
    private boolean isOpenAtConsistency(StretchSummary stretch) {
        Lsn consistent = backup.stopLsn();
        boolean isHere = !rule.isConsistent() && !stretch.last().last().isBefore(consistent.plus(-1));
        Optional<StopPoint> first = stretch.stops().firstCommit();
        Optional<StopPoint> last = stretch.stops().lastCommit();
        return purpose == Purpose.WINDOW
                && isHere
                && last.isPresent()
                && last.get().end().isAfter(consistent)
                && first.orElseThrow().start().isBefore(consistent);
    }

    /** At a fork, a record can straddle in from the parent's segment. */
    private SegmentSummary summary(long number) {
        SegmentSummary summary = only(path.at(number));
        boolean isFork = previous != null && path.changesTimelineAt(number);
        return isFork ? summary.joinedTo(only(path.at(number - 1))) : summary;
    }

    private SegmentSummary only(WalSegment segment) {
        try (Stream<SegmentSummary> summaries = index.summaries(new WalCoverage.Run(segment, segment))) {
            return summaries.findFirst().orElseThrow();
        }
    }

    private boolean mayFail(WalEvent event) {
        boolean isMinimal = event instanceof WalEvent.ParameterChange change && change.walLevel() == WalLevel.MINIMAL;
        return isMinimal || (StopRule.isShutdown(event) && !rule.hasBackupEnded());
    }

    private boolean isEndOfBackup(WalEvent event) {
        return event instanceof WalEvent.BackupEnd end && end.backupStart().equals(backup.startLsn());
    }

    private void note(WalEvent event) {
        boolean isReplayed = !event.start().isBefore(backup.startLsn());
        if (isReplayed && event instanceof WalEvent.ParameterChange change) {
            changes.add(change);
        } else if (isReplayed && event instanceof WalEvent.DatabaseDropped drop) {
            databaseDrops.add(drop);
        }
    }

    private void passOver(StretchSummary stretch, boolean hasBackupEnd) {
        stretch.chain()
                .last()
                .filter(last -> !last.start().isBefore(backup.startLsn()))
                .ifPresent(last -> {
                    lastRecord = new ReplayedRecord(last.start(), last.end());
                    rule.passOver(
                            last.end(),
                            hasBackupEnd,
                            replayed(stretch.stops().lastCommit()),
                            replayed(stretch.stops().last()));
                });
        lastSegment = stretch.last().number();
    }

    /** In the segment in which the backup starts, what lies before isn't replayed. */
    private @Nullable StopPoint replayed(Optional<StopPoint> point) {
        return point.filter(stop -> !stop.start().isBefore(backup.startLsn())).orElse(null);
    }

    private boolean read(StretchSummary stretch) {
        long number = stretch.first().number();
        lastSegment = number;
        WalEnd end = records.read(rule.end(), number, this::replay);
        if (stop == null && !end.kind().canContinue()) {
            fault = new WalFault(stretch.first(), end.lsn(), end.kind(), end.reason());
        }
        return stop != null || fault != null;
    }

    private boolean replay(WalRecord record) {
        Lsn start = new Lsn(record.startLsn());
        Lsn end = new Lsn(record.endLsn());
        if (start.equals(backup.checkpointLsn()) && start.equals(backup.startLsn())) {
            rule.beginBehindCheckpoint(end);
            return true;
        }
        WalEvent event = record.event().orElse(null);
        stop = rule.replay(start, end, event);
        if (stop == null || end.equals(stop.end())) {
            lastRecord = new ReplayedRecord(start, end);
            Optional.ofNullable(event).ifPresent(this::note);
        }
        return stop == null;
    }
}

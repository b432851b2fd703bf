package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.Checkpoint;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.TimedPoint;
import dev.pitr.wal.record.WalEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Looks for the first record behind the last transaction that proves that a time has passed: a checkpoint, a restore point,
 * the start of a timeline. For the server these are no stops; for people the cluster was idle and lived on.
 */
final class LaterRecord {
    private final Backup backup;
    private final TimelinePath path;
    private final WalIndex index;
    private final long through;
    private final WalSegmentSize size;

    LaterRecord(Backup backup, TimelinePath path, WalIndex index, long through) {
        this.backup = backup;
        this.path = path;
        this.index = index;
        this.through = through;
        this.size = backup.identity().segmentSize();
    }

    /**
     * Looks for it.
     *
     * @param target a time later than that of every transaction's end on the path
     * @param end the end of the path, as a recovery to that time finds it
     */
    Optional<TimedPoint> find(RecoveryTarget.Time target, RecoveryStop end) {
        Lsn from = end.lastTransaction()
                .map(StopPoint::end)
                .filter(last -> last.isAfter(backup.stopLsn()))
                .orElse(backup.stopLsn());
        for (WalCoverage.Run run : path.runs(size.segmentNumber(from), through)) {
            Optional<TimedPoint> found = within(run, from, target);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<TimedPoint> within(WalCoverage.Run run, Lsn from, RecoveryTarget.Time target) {
        try (Stream<SegmentSummary> summaries = index.summaries(run, stretch -> mayHold(stretch, target))) {
            return summaries
                    .flatMap(summary -> summary.events().stream())
                    .flatMap(event -> timed(event).stream())
                    .filter(point -> !point.start().isBefore(from) && isLater(point.time(), target))
                    .findFirst();
        }
    }

    /** By the last one only: where the clock was set back, a proof may be missed, and the target is refused. */
    private static boolean mayHold(StretchSummary stretch, RecoveryTarget.Time target) {
        return stretch.lastTimed().filter(last -> isLater(last.time(), target)).isPresent();
    }

    private static boolean isLater(Instant time, RecoveryTarget.Time target) {
        return target.inclusion() == Inclusion.INCLUSIVE
                ? time.isAfter(target.effective())
                : !time.isBefore(target.effective());
    }

    private static Optional<TimedPoint> timed(WalEvent event) {
        Instant time = null;
        if (event instanceof Checkpoint checkpoint) {
            time = checkpoint.time();
        } else if (event instanceof WalEvent.RestorePoint point) {
            time = point.time();
        } else if (event instanceof WalEvent.TimelineSwitch change) {
            time = change.time();
        } else if (event instanceof WalEvent.ContinuationOverwritten overwritten) {
            time = overwritten.time();
        }
        return time == null ? Optional.empty() : Optional.of(new TimedPoint(event.start(), event.end(), time));
    }
}

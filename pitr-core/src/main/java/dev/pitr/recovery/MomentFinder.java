package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalIndex;
import dev.pitr.recovery.NearestMoments.Moment;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.StopPoint;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the recoverable moments around a time along one timeline. */
final class MomentFinder {
    private final WalIndex index;
    private final WalSegmentSize size;
    private final TimelinePath path;
    private final List<Backup> newestFirst;

    MomentFinder(Catalogue catalogue, WalIndex index, ArchivedWal wal, TimelineHistory history) {
        this.index = index;
        this.size = catalogue.identity().segmentSize();
        this.path = new TimelinePath(history, size, wal);
        this.newestFirst = catalogue.backups().stream()
                .filter(backup -> RouteFinder.passesThrough(history, backup))
                .filter(backup -> unbroken(backup) >= WalNeed.lastNeeded(backup, size))
                .sorted(Comparator.comparing(Backup::stopLsn)
                        .thenComparing(Backup::id)
                        .reversed())
                .toList();
    }

    NearestMoments around(RecoveryTarget.Time target) {
        Optional<Backup> later = Optional.empty();
        for (Backup backup : newestFirst) {
            boolean isEarly = target.accept(new Consistency(backup, true)).isEmpty();
            Optional<NearestMoments> found = isEarly ? from(backup, target, later) : Optional.empty();
            if (found.isPresent()) {
                return found.get();
            }
            later = Optional.of(backup);
        }
        return new NearestMoments(Optional.empty(), later.map(this::beginningOf), false);
    }

    /** Empty if the backup isn't usable, or the time is met before it is consistent. */
    private Optional<NearestMoments> from(Backup backup, RecoveryTarget.Time target, Optional<Backup> later) {
        RecoveryStop stop = search(backup, target).stop();
        if (stop.outcome() == Outcome.STOPS_EXACTLY) {
            Moment before = new Moment(stop.end(), stop.lastCommit(), target, backup.id());
            return Optional.of(new NearestMoments(Optional.of(before), behind(backup, stop), true));
        }
        RecoveryStop end = search(backup, RecoveryTarget.latest()).stop();
        if (end.end().isBefore(backup.stopLsn())
                || stop.failure().equals(Optional.of(RecoveryStop.Failure.STOP_BEFORE_CONSISTENT))) {
            return Optional.empty();
        }
        Moment before = end.lastCommit()
                .map(commit -> new Moment(commit.end(), Optional.of(commit), afterCommit(commit), backup.id()))
                .orElseGet(() -> beginningOf(backup));
        return Optional.of(new NearestMoments(Optional.of(before), later.map(this::beginningOf), false));
    }

    /** The record that stops recovery, replayed: the first of the later transactions. */
    private Optional<Moment> behind(Backup backup, RecoveryStop stop) {
        return stop.record().flatMap(RecoveryStop.StoppingRecord::transaction).map(next -> {
            RecoveryTarget target = afterCommit(next);
            Optional<StopPoint> commit = next.kind().isCommit() ? Optional.of(next) : stop.lastCommit();
            return new Moment(next.end(), commit, target, backup.id());
        });
    }

    private static RecoveryTarget afterCommit(StopPoint stop) {
        return RecoveryTarget.lsn(stop.start());
    }

    private Moment beginningOf(Backup backup) {
        return new Moment(backup.stopLsn(), Optional.empty(), RecoveryTarget.immediate(), backup.id());
    }

    private StopSearch search(Backup backup, RecoveryTarget target) {
        return new StopFinder(backup, target, path, index, StopFinder.Purpose.WINDOW).find(unbroken(backup));
    }

    private long unbroken(Backup backup) {
        return path.unbrokenThrough(WalNeed.first(backup, size));
    }
}

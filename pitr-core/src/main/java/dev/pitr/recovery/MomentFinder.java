package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalIndex;
import dev.pitr.recovery.NearestMoments.Moment;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.StopPoint;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Finds the recoverable moments around a time along one timeline. */
final class MomentFinder {
    private final WalIndex index;
    private final WalSegmentSize size;
    private final TimelineId timeline;
    private final TimelinePath path;
    private final LastMatches lastMatches;
    private final List<Backup> newestFirst;

    MomentFinder(Catalogue catalogue, WalIndex index, ArchivedWal wal, TimelineHistory history) {
        this.index = index;
        this.size = catalogue.identity().segmentSize();
        this.timeline = history.timeline();
        this.path = new TimelinePath(history, size, wal);
        this.lastMatches = new LastMatches(catalogue, index);
        this.newestFirst = catalogue.backups().stream()
                .filter(backup -> RouteFinder.passesThrough(history, backup))
                .filter(backup -> unbroken(backup) >= WalNeed.lastNeeded(backup, size))
                .sorted(Comparator.comparing(Backup::stopLsn)
                        .thenComparing(Backup::id)
                        .reversed())
                .toList();
    }

    /**
     * The newest backup that ended before the time counts, unless the time is behind its WAL: then an older one may still
     * stop there, where the clock ran back in between.
     */
    NearestMoments around(RecoveryTarget.Time target) {
        Optional<Moment> end = Optional.empty();
        Deque<Backup> oldestLater = new ArrayDeque<>();
        for (Backup backup : newestFirst) {
            boolean isTooNew = target.accept(new Consistency(backup, true)).isPresent();
            if (isTooNew) {
                oldestLater.push(backup);
            } else if (end.isEmpty() || mayEndLater(backup, target)) {
                RecoveryStop stop = search(backup, target).stop();
                if (stop.outcome() == Outcome.STOPS_EXACTLY) {
                    Moment before = new Moment(stop.end(), stop.lastCommit(), target, backup.id());
                    return new NearestMoments(Optional.of(before), behind(backup, stop), true);
                }
                end = end.or(() -> last(backup));
            }
        }
        Optional<Moment> later = oldestLater.stream()
                .flatMap(backup -> beginningOf(backup).stream())
                .findFirst();
        return new NearestMoments(end, later, false);
    }

    private boolean mayEndLater(Backup backup, RecoveryTarget.Time target) {
        return lastMatches.of(target, timeline, path) >= WalNeed.first(backup, size);
    }

    /** The last moment that a backup's WAL reaches, empty if it never is consistent. */
    private Optional<Moment> last(Backup backup) {
        RecoveryStop end = search(backup, RecoveryTarget.latest()).stop();
        return end.lastCommit()
                .filter(commit -> commit.end().isAfter(backup.stopLsn()))
                .map(commit -> new Moment(commit.end(), Optional.of(commit), afterCommit(commit), backup.id()))
                .or(() -> beginningOf(backup));
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

    /** Where the backup is consistent; if no record is behind that, for which the server waits, the end of the WAL. */
    private Optional<Moment> beginningOf(Backup backup) {
        RecoveryStop first = search(backup, RecoveryTarget.immediate()).stop();
        if (first.outcome() == Outcome.STOPS_EXACTLY) {
            return Optional.of(new Moment(first.end(), first.lastCommit(), RecoveryTarget.immediate(), backup.id()));
        }
        StopSearch all = search(backup, RecoveryTarget.latest());
        return all.lastRecord()
                .filter(last -> all.stop().outcome() == Outcome.STOPS_EXACTLY)
                .map(last ->
                        new Moment(last.end(), all.stop().lastCommit(), RecoveryTarget.lsn(last.start()), backup.id()));
    }

    private StopSearch search(Backup backup, RecoveryTarget target) {
        return new StopFinder(backup, target, path, index, StopFinder.Purpose.WINDOW).find(unbroken(backup));
    }

    private long unbroken(Backup backup) {
        return path.unbrokenThrough(WalNeed.first(backup, size));
    }
}

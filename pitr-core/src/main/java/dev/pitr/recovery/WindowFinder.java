package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.recovery.RecoveryStop.Failure;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.recovery.RecoveryWindow.Edge;
import dev.pitr.recovery.RecoveryWindow.Ending;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.StopPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the windows along one timeline. */
final class WindowFinder {
    /** A window, and the last segment that it reaches. */
    private record Found(RecoveryWindow window, long lastSegment) {}

    private final Catalogue catalogue;
    private final WalIndex index;
    private final TimelineHistory history;
    private final WalSegmentSize size;
    private final TimelinePath path;
    private final List<Backup> backups;

    WindowFinder(Catalogue catalogue, WalIndex index, ArchivedWal wal, TimelineHistory history) {
        this.catalogue = catalogue;
        this.index = index;
        this.history = history;
        this.size = catalogue.identity().segmentSize();
        this.path = new TimelinePath(history, size, wal);
        this.backups = catalogue.backups().stream()
                .filter(backup -> RouteFinder.passesThrough(history, backup))
                .sorted(Comparator.comparing(Backup::stopLsn).thenComparing(Backup::id))
                .toList();
    }

    RecoveryWindows.OnTimeline find() {
        List<RecoveryWindow> windows = new ArrayList<>();
        int next = 0;
        while (next < backups.size()) {
            Optional<Found> found = from(next);
            found.ifPresent(window -> windows.add(window.window()));
            next += found.map(window -> window.window().backups().size()).orElse(1);
        }
        return new RecoveryWindows.OnTimeline(history, windows, gaps(), firstNeeded(), lastArchived());
    }

    private Optional<Found> from(int first) {
        Backup backup = backups.get(first);
        long unbroken = path.unbrokenThrough(WalNeed.first(backup, size));
        if (unbroken < WalNeed.lastNeeded(backup, size)) {
            return Optional.empty();
        }
        StopSearch search =
                new StopFinder(backup, RecoveryTarget.latest(), path, index, StopFinder.Purpose.WINDOW).find(unbroken);
        RecoveryStop stop = search.stop();
        boolean isMinimal =
                stop.failure().filter(Failure.WAL_LEVEL_MINIMAL::equals).isPresent();
        boolean isConsistent = !stop.end().isBefore(backup.stopLsn());
        if (stop.outcome() == Outcome.STOPS_EXACTLY || (isMinimal && isConsistent)) {
            return Optional.of(new Found(window(first, search, unbroken, isMinimal), search.lastSegment()));
        }
        return Optional.empty();
    }

    private RecoveryWindow window(int first, StopSearch search, long unbroken, boolean isMinimal) {
        RecoveryStop stop = search.stop();
        Lsn consistent = stop.consistentAt().orElse(backups.get(first).stopLsn());
        Edge start = edge(consistent, search.atConsistency());
        Edge end = stop.lastCommit()
                .filter(commit -> commit.end().isAfter(consistent))
                .map(commit -> edge(commit.end(), Optional.of(commit)))
                .orElse(start);
        Ending ending = ending(search, unbroken, isMinimal);
        return new RecoveryWindow(new RecoveryWindow.Parts(
                history.timeline(),
                start,
                end,
                stop.end(),
                serving(first, stop.end()),
                ending,
                reason(ending, search, unbroken)));
    }

    private Edge edge(Lsn lsn, Optional<StopPoint> commit) {
        return new Edge(lsn, history.timelineAt(lsn.plus(-1)), commit);
    }

    /** Those that are consistent within the window, and began within it: a break between is passed by none. */
    private List<Backup> serving(int first, Lsn end) {
        return backups.subList(first, backups.size()).stream()
                .takeWhile(backup -> !backup.stopLsn().isAfter(end))
                .toList();
    }

    private Ending ending(StopSearch search, long unbroken, boolean isMinimal) {
        if (isMinimal) {
            return Ending.WAL_LEVEL_MINIMAL;
        }
        boolean goesOn = search.fault().isPresent()
                && (!search.fault().get().isPlainEnd()
                        || search.fault().get().segment().number() < unbroken);
        if (goesOn) {
            return Ending.DAMAGE;
        }
        boolean isArchivedBehind = path.lastArchived(unbroken + 1).isPresent();
        if (path.changesTimelineAt(unbroken + 1)) {
            return Ending.SWITCH_SEGMENT_MISSING;
        }
        if (isArchivedBehind) {
            return Ending.GAP;
        }
        return catalogue.partials().contains(path.at(unbroken + 1)) ? Ending.PARTIAL_SEGMENT : Ending.END_OF_ARCHIVE;
    }

    private String reason(Ending ending, StopSearch search, long unbroken) {
        WalSegment next = path.at(unbroken + 1);
        return switch (ending) {
            case END_OF_ARCHIVE -> "nothing is archived behind " + path.at(unbroken);
            case PARTIAL_SEGMENT ->
                next + " is archived only as " + next + ".partial, for which no recovery asks; a copy of it without"
                        + " .partial would be replayed";
            case GAP -> next + " isn't archived, though later segments are";
            case SWITCH_SEGMENT_MISSING ->
                "timeline " + next.timeline() + "'s own copy of " + next + ", in which it begins, isn't archived";
            case DAMAGE -> "damage in " + search.fault().orElseThrow();
            case WAL_LEVEL_MINIMAL ->
                "the server ran with wal_level = minimal behind "
                        + search.stop().end();
        };
    }

    private List<WalCoverage.Run> gaps() {
        OptionalLong last = backups.isEmpty() ? OptionalLong.empty() : path.lastArchived(firstNumber());
        return last.isEmpty() ? List.of() : path.missing(firstNumber(), last.getAsLong());
    }

    private long firstNumber() {
        return backups.stream()
                .mapToLong(backup -> WalNeed.first(backup, size))
                .min()
                .orElse(0);
    }

    private Optional<WalSegment> firstNeeded() {
        return backups.isEmpty() ? Optional.empty() : Optional.of(path.at(firstNumber()));
    }

    private Optional<WalSegment> lastArchived() {
        OptionalLong last = path.lastArchived(firstNumber());
        return last.isPresent() ? Optional.of(path.at(last.getAsLong())) : Optional.empty();
    }
}

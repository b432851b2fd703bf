package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The timelines of a catalogue, and what a server makes of a timeline target. The server looks for history files only
 * ({@code findNewestTimeLine} in {@code timeline.c}): {@code latest} counts up from the backup's timeline until one is
 * missing. Timelines of which there is WAL, a backup or a child are known here as well, so that a hole is noticed.
 */
final class Timelines {
    private final Map<TimelineId, TimelineHistory> stored;
    private final NavigableSet<TimelineId> known = new TreeSet<>();

    Timelines(Catalogue catalogue) {
        stored = catalogue.histories();
        known.addAll(stored.keySet());
        known.addAll(catalogue.wal().timelines());
        for (TimelineHistory history : stored.values()) {
            history.forks().forEach(fork -> known.add(fork.parent()));
        }
        for (Backup backup : catalogue.backups()) {
            known.add(backup.startTimeline());
            known.add(backup.stopTimeline());
        }
    }

    /** Every timeline of which there is a trace. */
    NavigableSet<TimelineId> known() {
        return known;
    }

    /** The number that a target stands for, if recovery starts from this backup. */
    TimelineId resolve(TimelineTarget target, Backup backup) {
        if (target instanceof TimelineTarget.Number given) {
            return given.timeline();
        }
        TimelineId base = baseOf(backup);
        return target instanceof TimelineTarget.Latest ? lastUnbroken(base) : base;
    }

    /** Why a target can't be followed from this backup, if it can't. */
    Optional<Refusal> refusal(TimelineTarget target, Backup backup) {
        TimelineId timeline = resolve(target, backup);
        if (target instanceof TimelineTarget.Latest) {
            NavigableSet<TimelineId> hidden = known.tailSet(timeline, false);
            if (!hidden.isEmpty()) {
                return Optional.of(Refusals.newerTimelinesHidden(backup, timeline, hidden));
            }
        }
        if (history(timeline).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                known.contains(timeline)
                        ? Refusals.historyMissing(backup, timeline)
                        : Refusals.timelineUnknown(backup, timeline, known));
    }

    /** The history as the server would read it; empty if it would end with an error for want of the file. */
    Optional<TimelineHistory> history(TimelineId timeline) {
        return timeline.equals(TimelineId.FIRST)
                ? Optional.of(TimelineHistory.withoutParents(timeline))
                : Optional.ofNullable(stored.get(timeline));
    }

    /**
     * The history files that a server asks for: of the timeline and its ancestors, and of those behind it, by which it
     * finds a free number for itself.
     */
    List<WalFileName> filesFor(TimelineHistory history) {
        NavigableSet<TimelineId> wanted = new TreeSet<>(history.newestFirst());
        wanted.addAll(known.subSet(history.timeline(), true, lastUnbroken(history.timeline()), true));
        List<WalFileName> result = new ArrayList<>();
        for (TimelineId timeline : wanted) {
            if (stored.containsKey(timeline) && !timeline.equals(TimelineId.FIRST)) {
                result.add(new WalFileName.History(timeline));
            }
        }
        return result;
    }

    /** Ancestors without a stored history file, from the backup's timeline on. The server can do without. */
    List<TimelineId> ancestorsWithoutFile(TimelineHistory history, Backup backup) {
        List<TimelineId> result = new ArrayList<>();
        for (TimelineHistory.Fork fork : history.forks()) {
            boolean passed = fork.parent().compareTo(backup.startTimeline()) >= 0;
            if (passed && history(fork.parent()).isEmpty()) {
                result.add(fork.parent());
            }
        }
        return result;
    }

    /** The number that a server gives itself when it leaves this timeline. */
    TimelineId nextAfter(TimelineId timeline) {
        return new TimelineId(lastUnbroken(timeline).value() + 1);
    }

    private TimelineId lastUnbroken(TimelineId base) {
        TimelineId last = base;
        while (last.value() < 0xFFFF_FFFFL && stored.containsKey(new TimelineId(last.value() + 1))) {
            last = new TimelineId(last.value() + 1);
        }
        return last;
    }

    /** What the server takes out of pg_control: the newer of the checkpoint's timeline and the end of the backup's. */
    private static TimelineId baseOf(Backup backup) {
        return backup.startTimeline().compareTo(backup.stopTimeline()) > 0
                ? backup.startTimeline()
                : backup.stopTimeline();
    }
}

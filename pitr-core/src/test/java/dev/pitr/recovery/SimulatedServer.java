package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A server in recovery as far as files go, written down naively from {@code xlogrecovery.c} and {@code timeline.c} and
 * sharing no code with the planner: it asks for one file after the other and takes the first that it gets.
 */
final class SimulatedServer {
    /** What became of a recovery. */
    enum End {
        /** It read all that was asked for, each segment from the timeline's own file. */
        REACHED,
        /** It ended with an error before. */
        FATAL,
        /** It took a parent's file for its child's: wrong data without an error. */
        FELL_BACK
    }

    private final Set<WalSegment> segments = new HashSet<>();
    private final Set<Long> histories = new HashSet<>();
    private final Catalogue catalogue;
    final List<WalSegment> read = new ArrayList<>();

    /** A server that is given all that is archived. */
    SimulatedServer(Catalogue catalogue) {
        this.catalogue = catalogue;
        for (var timeline : catalogue.wal().timelines()) {
            for (var run : catalogue.wal().runs(timeline)) {
                for (WalSegment s = run.first(); s.number() <= run.last().number(); s = s.next()) {
                    segments.add(s);
                }
            }
        }
        catalogue.histories().keySet().forEach(timeline -> histories.add(timeline.value()));
    }

    /** A server that is given the files of a plan. */
    SimulatedServer(Catalogue catalogue, List<WalFileName> files) {
        this.catalogue = catalogue;
        for (WalFileName file : files) {
            if (file instanceof WalFileName.Segment segment) {
                segments.add(segment.segment());
            } else {
                histories.add(file.timeline().value());
            }
        }
    }

    /** What the server makes of recovery_target_timeline = latest. */
    long latest(Backup backup) {
        long newest =
                Math.max(backup.startTimeline().value(), backup.stopTimeline().value());
        while (histories.contains(newest + 1)) {
            newest++;
        }
        return newest;
    }

    /** The number of the last segment that the server's files hold on the way along a timeline, at least the fork's. */
    long lastOnTheWay(Backup backup, long timeline) {
        List<Entry> entries = entries(timeline);
        long last = Math.max(
                number(backup.stopLsn().plus(-1)), number(entries.get(0).begin()));
        for (long n = number(backup.startLsn()); n < 64; n++) {
            if (segments.contains(World.segment(firstChoice(entries, n), n))) {
                last = Math.max(last, n);
            }
        }
        return last;
    }

    /** Replays along a timeline through the segment with the given number. */
    End recover(Backup backup, long timeline, long through) {
        if (timeline != 1 && !histories.contains(timeline)) {
            return End.FATAL;
        }
        List<Entry> entries = entries(timeline);
        Lsn lastByte = backup.stopLsn().plus(-1);
        if (owner(entries, backup.checkpointLsn()) != backup.startTimeline().value()
                || owner(entries, lastByte) != backup.stopTimeline().value()) {
            return End.FATAL;
        }
        long lowest = 0;
        long last = Math.max(through, number(lastByte));
        for (long n = number(backup.startLsn()); n <= last; n++) {
            long from = 0;
            for (Entry entry : entries) {
                boolean beginsLater = !entry.begin().equals(Lsn.ZERO) && n < number(entry.begin());
                if (beginsLater || entry.timeline() < lowest) {
                    continue;
                }
                if (segments.contains(World.segment(entry.timeline(), n))) {
                    from = entry.timeline();
                    break;
                }
            }
            if (from == 0) {
                return End.FATAL;
            }
            if (from != firstChoice(entries, n)) {
                return End.FELL_BACK;
            }
            lowest = from;
            read.add(World.segment(from, n));
        }
        return End.REACHED;
    }

    /** An expectedTLEs entry; end and begin of 0 are open. */
    private record Entry(long timeline, Lsn begin, Lsn end) {}

    /** Newest first, as readTimeLineHistory returns them. */
    private List<Entry> entries(long timeline) {
        List<Entry> entries = new ArrayList<>();
        Lsn begin = Lsn.ZERO;
        if (timeline != 1) {
            TimelineHistory history = catalogue.histories().get(new TimelineId(timeline));
            for (TimelineHistory.Fork fork : history.forks()) {
                entries.add(0, new Entry(fork.parent().value(), begin, fork.switchPoint()));
                begin = fork.switchPoint();
            }
        }
        entries.add(0, new Entry(timeline, begin, Lsn.ZERO));
        return entries;
    }

    private static long firstChoice(List<Entry> entries, long n) {
        for (Entry entry : entries) {
            if (entry.begin().equals(Lsn.ZERO) || n >= number(entry.begin())) {
                return entry.timeline();
            }
        }
        throw new AssertionError("no entry for segment " + n);
    }

    private static long owner(List<Entry> entries, Lsn p) {
        for (Entry entry : entries) {
            boolean begun = entry.begin().equals(Lsn.ZERO) || !p.isBefore(entry.begin());
            boolean notEnded = entry.end().equals(Lsn.ZERO) || p.isBefore(entry.end());
            if (begun && notEnded) {
                return entry.timeline();
            }
        }
        throw new AssertionError("no owner of " + p);
    }

    static long number(Lsn lsn) {
        return lsn.value() / World.SIZE.bytes();
    }
}

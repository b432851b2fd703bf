package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.recovery.RecoveryWindows.OnTimeline;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The timelines as lines of characters, all on one scale of WAL positions. */
final class WindowPicture {
    static final String LEGEND =
            "o a backup's first consistent point   = recoverable   . archived, of no use   x missing";

    private static final int COLUMNS = 72;

    private final long first;
    private final long last;

    private WindowPicture(long first, long last) {
        this.first = first;
        this.last = last;
    }

    /** The scale that holds all timelines, empty if there is nothing to draw. */
    static Optional<WindowPicture> of(List<OnTimeline> timelines) {
        long first = timelines.stream()
                .flatMap(timeline -> timeline.first().stream())
                .mapToLong(WalSegment::number)
                .min()
                .orElse(-1);
        long last = timelines.stream()
                .flatMap(timeline -> timeline.last().stream())
                .mapToLong(WalSegment::number)
                .max()
                .orElse(-1);
        return first < 0 || last < first ? Optional.empty() : Optional.of(new WindowPicture(first, last));
    }

    /** One timeline: what its path doesn't reach stays blank. */
    String line(OnTimeline timeline) {
        char[] line = new char[COLUMNS];
        Arrays.fill(line, ' ');
        if (timeline.first().isPresent() && timeline.last().isPresent()) {
            fill(line, timeline.first().get().number(), timeline.last().get().number(), '.');
        }
        for (RecoveryWindow window : timeline.windows()) {
            fill(line, number(timeline, window.start().lsn()), number(timeline, window.archivedUpTo()), '=');
        }
        for (WalCoverage.Run gap : timeline.gaps()) {
            fill(line, gap.first().number(), gap.last().number(), 'x');
        }
        for (RecoveryWindow window : timeline.windows()) {
            for (Backup backup : window.backups()) {
                line[Math.min(column(number(timeline, backup.stopLsn())), COLUMNS - 1)] = 'o';
            }
        }
        return new String(line).stripTrailing();
    }

    private static long number(OnTimeline timeline, Lsn end) {
        return timeline.first().orElseThrow().size().segmentNumber(end.plus(-1));
    }

    private void fill(char[] line, long from, long to, char mark) {
        int begin = column(from);
        Arrays.fill(line, begin, Math.max(begin + 1, column(to + 1)), mark);
    }

    private int column(long number) {
        long clipped = Math.min(Math.max(number, first), last + 1);
        return (int) ((clipped - first) * COLUMNS / (last - first + 1));
    }
}

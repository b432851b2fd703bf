package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineHistory.Stretch;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The segment files that a server following one timeline reads, whether they are archived, and where that ends.
 *
 * <p>Which file supplies a segment is the server's rule (see {@link TimelineHistory#segmentAt}): in a segment that holds
 * a fork, the child's. A server that doesn't find the child's takes the parent's instead and replays past the fork
 * without an error; so here the child's is required.
 */
final class TimelinePath {
    private final ArchivedWal wal;
    private final WalSegmentSize size;
    private final List<Stretch> stretches;

    TimelinePath(TimelineHistory history, WalSegmentSize size, ArchivedWal wal) {
        this.wal = wal;
        this.size = size;
        this.stretches = history.stretches(size);
    }

    /** The file that supplies a segment. */
    WalSegment at(long number) {
        return new WalSegment(stretchOf(number).timeline(), number, size);
    }

    /** The first segment that the timeline itself, not an ancestor, supplies. */
    long firstOfTip() {
        return stretches.get(stretches.size() - 1).first();
    }

    /** Whether a segment is the one in which the path changes to a child timeline. */
    boolean changesTimelineAt(long number) {
        return number > 0 && stretchOf(number).first() == number;
    }

    /** The last archived segment of the path, not before {@code from}. */
    OptionalLong lastArchived(long from) {
        for (int i = stretches.size() - 1; i >= 0; i--) {
            Stretch stretch = stretches.get(i);
            OptionalLong last = wal.lastWithin(stretch.timeline(), Math.max(from, stretch.first()), stretch.last());
            if (last.isPresent()) {
                return last;
            }
        }
        return OptionalLong.empty();
    }

    /** The last segment of the unbroken archived path that begins with {@code from}; {@code from - 1} if it is absent. */
    long unbrokenThrough(long from) {
        long next = from;
        while (next <= lastNumber()) {
            OptionalLong end = wal.endOfRun(at(next));
            if (end.isEmpty()) {
                break;
            }
            next = Math.min(end.getAsLong(), stretchOf(next).last()) + 1;
        }
        return next - 1;
    }

    /** The segments of the path that aren't archived, both ends inclusive. */
    List<WalCoverage.Run> missing(long from, long to) {
        List<WalCoverage.Run> result = new ArrayList<>();
        long next = unbrokenThrough(from) + 1;
        while (next <= to) {
            WalSegment first = at(next);
            long last = Math.min(stretchOf(next).last(), to);
            last = Math.min(wal.nextAfter(first).orElse(Long.MAX_VALUE) - 1, last);
            result.add(new WalCoverage.Run(first, at(last)));
            next = unbrokenThrough(last + 1) + 1;
        }
        return result;
    }

    /** The segments of the path that are archived, both ends inclusive. */
    List<WalCoverage.Run> archived(long from, long to) {
        List<WalCoverage.Run> result = new ArrayList<>();
        long next = from;
        for (WalCoverage.Run gap : missing(from, to)) {
            if (next < gap.first().number()) {
                result.addAll(runs(next, gap.first().number() - 1));
            }
            next = gap.last().number() + 1;
        }
        if (next <= to) {
            result.addAll(runs(next, to));
        }
        return result;
    }

    /** The files from one segment number to another, both inclusive: a run for each timeline. */
    List<WalCoverage.Run> runs(long from, long to) {
        List<WalCoverage.Run> result = new ArrayList<>();
        for (long next = from; next <= to; next = stretchOf(next).last() + 1) {
            result.add(new WalCoverage.Run(at(next), at(Math.min(stretchOf(next).last(), to))));
        }
        return result;
    }

    private long lastNumber() {
        return stretches.get(stretches.size() - 1).last();
    }

    private Stretch stretchOf(long number) {
        int i = stretches.size() - 1;
        while (stretches.get(i).first() > number) {
            i--;
        }
        return stretches.get(i);
    }
}

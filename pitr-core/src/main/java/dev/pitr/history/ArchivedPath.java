package dev.pitr.history;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The archived segments along a timeline and its ancestors, as a server that follows it reads them: in the segment that
 * holds a fork, the child's copy.
 */
final class ArchivedPath {
    private final TimelineHistory history;
    private final WalCoverage wal;
    private final WalSegmentSize size;

    private ArchivedPath(TimelineHistory history, WalCoverage wal, WalSegmentSize size) {
        this.history = history;
        this.wal = wal;
        this.size = size;
    }

    /** Along the newest timeline of which there is a trace. */
    static ArchivedPath newest(Catalogue catalogue) {
        SortedSet<TimelineId> known = new TreeSet<>(catalogue.wal().timelines());
        known.addAll(catalogue.histories().keySet());
        return along(known.isEmpty() ? TimelineId.FIRST : known.last(), catalogue);
    }

    /** Along a timeline; without its history file it is taken to have no parents. */
    static ArchivedPath along(TimelineId timeline, Catalogue catalogue) {
        TimelineHistory history = catalogue.histories().get(timeline);
        return new ArchivedPath(
                history == null ? TimelineHistory.withoutParents(timeline) : history,
                catalogue.wal(),
                catalogue.identity().segmentSize());
    }

    TimelineId timeline() {
        return history.timeline();
    }

    int segmentBytes() {
        return size.bytes();
    }

    /** Whose byte it is. */
    TimelineId timelineAt(Lsn lsn) {
        return history.timelineAt(lsn);
    }

    /** The unbroken runs of archived segments between two positions, oldest first. */
    List<WalCoverage.Run> runs(Lsn from, Lsn to) {
        long first = size.segmentNumber(from);
        long last = size.segmentNumber(to);
        List<WalCoverage.Run> result = new ArrayList<>();
        for (TimelineHistory.Stretch stretch : history.stretches(size)) {
            result.addAll(
                    clipped(stretch.timeline(), Math.max(stretch.first(), first), Math.min(stretch.last(), last)));
        }
        return result;
    }

    private List<WalCoverage.Run> clipped(TimelineId timeline, long first, long last) {
        List<WalCoverage.Run> result = new ArrayList<>();
        for (WalCoverage.Run run : wal.runs(timeline)) {
            long from = Math.max(first, run.first().number());
            long to = Math.min(last, run.last().number());
            if (from <= to) {
                result.add(
                        new WalCoverage.Run(new WalSegment(timeline, from, size), new WalSegment(timeline, to, size)));
            }
        }
        return result;
    }

    /** The segment before one, if it is archived. */
    Optional<WalSegment> before(WalSegment segment) {
        if (segment.number() == 0) {
            return Optional.empty();
        }
        WalSegment previous = history.segmentAt(segment.start().plus(-1), size);
        return wal.contains(previous) ? Optional.of(previous) : Optional.empty();
    }

    /** The segment after one, if it is archived. */
    Optional<WalSegment> after(WalSegment segment) {
        if (segment.last().value() == -1) {
            return Optional.empty();
        }
        WalSegment next = history.segmentAt(segment.last().plus(1), size);
        return wal.contains(next) ? Optional.of(next) : Optional.empty();
    }
}

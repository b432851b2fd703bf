package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Archived segments by timeline, arranged for the two questions that continuity asks. */
final class ArchivedWal {
    /** By timeline: number of a run's first segment to that of its last. */
    private final Map<TimelineId, NavigableMap<Long, Long>> runs = new HashMap<>();

    ArchivedWal(WalCoverage coverage) {
        for (TimelineId timeline : coverage.timelines()) {
            NavigableMap<Long, Long> byFirst = new TreeMap<>();
            coverage.runs(timeline)
                    .forEach(run -> byFirst.put(run.first().number(), run.last().number()));
            runs.put(timeline, byFirst);
        }
    }

    /** The last segment of the run that holds this one, empty if it isn't archived. */
    OptionalLong endOfRun(WalSegment segment) {
        Map.Entry<Long, Long> run = of(segment.timeline()).floorEntry(segment.number());
        return run == null || run.getValue() < segment.number()
                ? OptionalLong.empty()
                : OptionalLong.of(run.getValue());
    }

    /** The first archived segment behind one that isn't. */
    OptionalLong nextAfter(WalSegment absent) {
        Long next = of(absent.timeline()).higherKey(absent.number());
        return next == null ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** The last archived segment in a range of numbers. */
    OptionalLong lastWithin(TimelineId timeline, long from, long to) {
        Map.Entry<Long, Long> run = of(timeline).floorEntry(to);
        if (run == null || run.getValue() < from) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.min(run.getValue(), to));
    }

    private NavigableMap<Long, Long> of(TimelineId timeline) {
        return runs.getOrDefault(timeline, new TreeMap<>());
    }
}

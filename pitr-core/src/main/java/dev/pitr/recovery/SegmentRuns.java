package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.List;

/** A plan's segments, one run for each timeline, without a walk over all of them. */
final class SegmentRuns {
    private SegmentRuns() {}

    static List<WalCoverage.Run> of(RestorePlan plan) {
        List<WalSegment> segments = plan.segments();
        List<WalCoverage.Run> result = new ArrayList<>();
        int from = 0;
        while (from < segments.size()) {
            int to = lastOfTimeline(segments, from);
            result.add(new WalCoverage.Run(segments.get(from), segments.get(to)));
            from = to + 1;
        }
        return result;
    }

    /** Timelines only grow along a path, so the last one of a timeline can be found by halving. */
    private static int lastOfTimeline(List<WalSegment> segments, int from) {
        int low = from;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).timeline().equals(segments.get(from).timeline())) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}

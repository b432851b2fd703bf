package dev.pitr.history;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The summaries of the segments that may matter, newest first. Goes only into stretches that may hold something, and holds
 * at most the summaries of a few dozen segments.
 */
final class SegmentWalk {
    /** A roll-up's worth of stretches: their summaries are looked at in WAL order, then gone through backwards. */
    private static final long COARSE_SEGMENTS = 65_536;

    private static final long FINE_SEGMENTS = 64;

    /** A run still to be gone through; a fine one's segments all may hold something. */
    private record Task(WalCoverage.Run run, boolean isFine) {}

    private final WalIndex index;
    private final ArchivedPath path;
    private final Predicate<StretchSummary> mayHold;
    private final Deque<Task> tasks = new ArrayDeque<>();
    private final Deque<SegmentSummary> found = new ArrayDeque<>();

    SegmentWalk(WalIndex index, ArchivedPath path, List<WalCoverage.Run> runs, Predicate<StretchSummary> mayHold) {
        this.index = index;
        this.path = path;
        this.mayHold = mayHold;
        runs.forEach(this::addCoarse);
    }

    private void addCoarse(WalCoverage.Run run) {
        long from = run.first().number();
        while (from <= run.last().number()) {
            long to = Math.min(run.last().number(), from - from % COARSE_SEGMENTS + COARSE_SEGMENTS - 1);
            tasks.push(new Task(part(run, from, to), from == to));
            from = to + 1;
        }
    }

    private static WalCoverage.Run part(WalCoverage.Run run, long from, long to) {
        WalSegment first = run.first();
        return new WalCoverage.Run(
                new WalSegment(first.timeline(), from, first.size()),
                new WalSegment(first.timeline(), to, first.size()));
    }

    /** The next summary without taking it; null at the end. */
    @Nullable
    SegmentSummary peek() {
        while (found.isEmpty() && !tasks.isEmpty()) {
            Task task = tasks.pop();
            if (task.isFine()) {
                summaries(task.run());
            } else {
                expand(task.run());
            }
        }
        return found.peek();
    }

    void take() {
        found.pop();
    }

    private void summaries(WalCoverage.Run run) {
        try (Stream<SegmentSummary> summaries = index.summaries(run)) {
            Iterator<SegmentSummary> each = summaries.iterator();
            while (each.hasNext()) {
                SegmentSummary summary = joined(each.next());
                if (mayHold.test(summary.stretch())) {
                    found.push(summary);
                }
            }
        }
    }

    /** The index joins segments of one timeline; where the path changes to a child, that is ours to do. */
    private SegmentSummary joined(SegmentSummary summary) {
        WalSegment parent = path.before(summary.segment()).orElse(null);
        if (parent == null || parent.timeline().equals(summary.segment().timeline())) {
            return summary;
        }
        try (Stream<SegmentSummary> before = index.summaries(new WalCoverage.Run(parent, parent))) {
            return before.findFirst().map(summary::joinedTo).orElse(summary);
        }
    }

    private void expand(WalCoverage.Run run) {
        List<WalCoverage.Run> fine = new ArrayList<>();
        try (Stream<StretchSummary> stretches = index.stretches(run)) {
            Iterator<StretchSummary> each = stretches.iterator();
            while (each.hasNext()) {
                StretchSummary stretch = each.next();
                if (mayHold.test(stretch)) {
                    add(fine, stretch);
                }
            }
        }
        flush(fine);
    }

    private void add(List<WalCoverage.Run> fine, StretchSummary stretch) {
        if (stretch.length() > 1) {
            flush(fine);
            tasks.push(new Task(new WalCoverage.Run(stretch.first(), stretch.last()), false));
            return;
        }
        int last = fine.size() - 1;
        boolean continues = last >= 0
                && fine.get(last).last().number() + 1 == stretch.first().number()
                && fine.get(last).length() < FINE_SEGMENTS;
        if (continues) {
            fine.set(last, new WalCoverage.Run(fine.get(last).first(), stretch.last()));
        } else {
            fine.add(new WalCoverage.Run(stretch.first(), stretch.last()));
        }
    }

    private void flush(List<WalCoverage.Run> fine) {
        fine.forEach(run -> tasks.push(new Task(run, true)));
        fine.clear();
    }
}

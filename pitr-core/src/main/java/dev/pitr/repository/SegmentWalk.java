package dev.pitr.repository;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The summaries of a run, each joined to the one before. */
final class SegmentWalk implements Iterator<SegmentSummary> {
    private final StoredWalIndex index;
    private final WalCoverage.Run run;
    private long next;
    private @Nullable SegmentSummary previous;

    SegmentWalk(StoredWalIndex index, WalCoverage.Run run) {
        this.index = index;
        this.run = run;
        this.next = run.first().number();
    }

    @Override
    public boolean hasNext() {
        return next <= run.last().number();
    }

    @Override
    public SegmentSummary next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        WalSegment segment =
                new WalSegment(run.first().timeline(), next, run.first().size());
        SegmentSummary alone = index.alone(segment);
        SegmentSummary before = next == run.first().number() ? index.before(segment) : previous;
        SegmentSummary joined = before == null ? alone : alone.joinedTo(before);
        previous = joined;
        next++;
        return joined;
    }
}

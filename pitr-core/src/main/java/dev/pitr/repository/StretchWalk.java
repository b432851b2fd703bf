package dev.pitr.repository;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stretches of a run, as coarse as the index has them, each joined to the one before. */
final class StretchWalk implements Iterator<StretchSummary> {
    private final StoredWalIndex index;
    private final WalCoverage.Run run;
    private long next;
    private @Nullable StretchSummary previous;

    StretchWalk(StoredWalIndex index, WalCoverage.Run run) {
        this.index = index;
        this.run = run;
        this.next = run.first().number();
    }

    @Override
    public boolean hasNext() {
        return next <= run.last().number();
    }

    @Override
    public StretchSummary next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        WalSegment segment =
                new WalSegment(run.first().timeline(), next, run.first().size());
        StretchSummary joined = joined(segment, coarsest(segment));
        previous = joined;
        next = joined.last().number() + 1;
        return joined;
    }

    private StretchSummary coarsest(WalSegment segment) {
        LogId page = LogId.of(segment);
        return rolledUp(segment, page)
                .or(() -> index.view()
                        .page(page)
                        .flatMap(found -> found.runFrom(segment.number()))
                        .map(IndexedRun::stretch)
                        .filter(this::fits))
                .orElseGet(() -> index.alone(segment).stretch());
    }

    /** All segments of a group in one. */
    private Optional<StretchSummary> rolledUp(WalSegment segment, LogId page) {
        LogId group = page.group();
        return segment.equals(group.first()) ? index.view().whole(group).filter(this::fits) : Optional.empty();
    }

    /** Never the run itself, so that asking for a stretch's run goes into it. */
    private boolean fits(StretchSummary stretch) {
        return stretch.last().number() <= run.last().number()
                && (stretch.length() == 1 || stretch.length() < run.length());
    }

    private StretchSummary joined(WalSegment segment, StretchSummary alone) {
        if (previous != null) {
            return alone.joinedTo(previous);
        }
        SegmentSummary before = index.before(segment);
        return before == null ? alone : alone.joinedTo(before.stretch());
    }
}

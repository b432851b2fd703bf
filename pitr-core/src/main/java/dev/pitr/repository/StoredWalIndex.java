package dev.pitr.repository;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.progress.ProgressListener;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The index of an incarnation's WAL: what its segments say of themselves.
 *
 * <p>It answers from roll-ups and pages as far as these were built, else from the headers of stored segments, by a ranged
 * read each, and where a segment was archived without a summary, from the segment itself. Pages tell what is inside
 * segments, never that these still exist.
 *
 * <p>Which pages there are is looked up once, at the first question, and what was read lately is kept, some 32 MiB at most
 * for summaries of common size: ask {@link Incarnation#index()} again to see what was built since. Thread-safe.
 */
public final class StoredWalIndex implements WalIndex {
    private final WalStore wal;
    private final IndexPages pages;
    private final SegmentSummaries headers;
    private volatile @Nullable IndexView view;

    StoredWalIndex(WalStore wal, IndexPages pages, SegmentSummaries headers) {
        this.wal = wal;
        this.pages = pages;
        this.headers = headers;
    }

    IndexView view() {
        IndexView known = view;
        if (known == null) {
            synchronized (this) {
                known = view == null ? new IndexView(pages) : view;
                view = known;
            }
        }
        return known;
    }

    @Override
    public Stream<StretchSummary> stretches(WalCoverage.Run run) {
        return walk(new StretchWalk(this, run));
    }

    @Override
    public Stream<SegmentSummary> summaries(WalCoverage.Run run) {
        return walk(new SegmentWalk(this, run));
    }

    private static <T> Stream<T> walk(Iterator<T> steps) {
        int characteristics = Spliterator.ORDERED | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(steps, characteristics), false);
    }

    /** A segment's summary, not joined: from its page, its header, or itself. */
    SegmentSummary alone(WalSegment segment) {
        SegmentSummary indexed = view().page(LogId.of(segment)).isPresent()
                ? view().segments(LogId.of(segment)).get(segment.number())
                : null;
        return indexed != null ? indexed : headers.read(segment);
    }

    /**
     * The segment before on the same timeline, joined as far back as a record reaches that goes on through it; null if it
     * isn't archived.
     */
    @Nullable
    SegmentSummary before(WalSegment segment) {
        return headers.before(segment, this::alone);
    }

    @Override
    public InputStream open(WalSegment segment) {
        return wal.open(new WalFileName.Segment(segment));
    }

    /**
     * Brings the index up to date with what is archived now: reads the headers of segments that no page knows yet, writes
     * their pages, complete or open, and the roll-ups of complete ones.
     *
     * <p>May run beside archiving and beside other builders, and be broken off at any time: what is there stays valid, and
     * the next run goes on from it. Memory is that of one page.
     *
     * @param listener hears how far it got, counted in bytes of WAL
     * @return what was done
     * @throws dev.pitr.error.CancelledException if the thread was interrupted
     */
    public IndexReport build(ProgressListener listener) {
        return new IndexBuild(wal, pages, headers, listener).run();
    }
}

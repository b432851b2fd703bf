package dev.pitr.catalog;

import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.io.InputStream;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is inside archived WAL, asked for by those who plan: the port between what exists and where it is kept.
 *
 * <p>It answers for segments that exist, as a {@link Catalogue}'s coverage tells; it is no proof that they do. Streams are
 * lazy and sequential, read as they go, and are to be closed by the caller. Thread-safe.
 *
 * <p>Every method may throw a {@link dev.pitr.error.PitrException} of the place where the WAL is kept: for a segment that
 * isn't there, that is damaged, or that can't be read. A stream throws it from its terminal operation.
 */
public interface WalIndex {
    /**
     * Sums up a run in stretches, so that those without interest can be passed over.
     *
     * <p>As coarse as the index allows, but never the run in one unless it is a single segment: asking again for the run
     * of a stretch goes into it.
     *
     * @param run an unbroken run of archived segments
     * @return its stretches, in order, without gap or overlap, each joined to the one before it in the run; the first one
     *     to the segment before on the same timeline, if that is archived too. The first one of a timeline is the
     *     caller's to join to its parent's last
     */
    Stream<StretchSummary> stretches(WalCoverage.Run run);

    /**
     * Returns the summaries of a run's segments.
     *
     * @param run an unbroken run of archived segments
     * @return a summary for each, in order, joined as {@link #stretches} are
     */
    Stream<SegmentSummary> summaries(WalCoverage.Run run);

    /**
     * Opens the bytes of a segment.
     *
     * @param segment an archived segment
     * @return its uncompressed bytes, to be closed by the caller
     */
    InputStream open(WalSegment segment);

    /**
     * Returns the summaries of those of a run's segments that may be of interest, and goes only into stretches that may.
     *
     * @param run an unbroken run of archived segments
     * @param mayHold whether a stretch may hold what is looked for; true for a stretch if it is true for any part of it
     * @return the summaries of the segments for which it is true, in order
     */
    default Stream<SegmentSummary> summaries(WalCoverage.Run run, Predicate<StretchSummary> mayHold) {
        return stretches(run).filter(mayHold).flatMap(stretch -> {
            WalCoverage.Run inner = new WalCoverage.Run(stretch.first(), stretch.last());
            return stretch.length() == 1 ? summaries(inner) : summaries(inner, mayHold);
        });
    }
}

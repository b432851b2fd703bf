package dev.pitr.catalog;

import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Which whole segments are archived, with their stored sizes; compact for millions of them. */
public final class WalCoverage {
    private WalCoverage() {}

    /** Collects segments, in any order. */
    public static final class Builder {
        private Builder() {}

        /**
         * Adds an archived segment.
         *
         * @param segment the segment
         * @param storedSizeBytes its size as stored
         * @return this
         */
        public Builder add(WalSegment segment, long storedSizeBytes) {
            throw new UnsupportedOperationException();
        }

        /**
         * Builds the coverage.
         *
         * @return what was added
         */
        public WalCoverage build() {
            throw new UnsupportedOperationException();
        }
    }

    /**
     * An unbroken run of segments of one timeline.
     *
     * @param first the first segment
     * @param last the last segment, inclusive
     */
    public record Run(WalSegment first, WalSegment last) {}

    /**
     * Starts an empty coverage.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Tells whether a segment is archived.
     *
     * @param segment the segment
     * @return true if its whole file is stored
     */
    public boolean contains(WalSegment segment) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the stored size of a segment.
     *
     * @param segment the segment
     * @return bytes as stored, empty if it isn't archived
     */
    public OptionalLong storedSizeBytes(WalSegment segment) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the timelines that have at least one segment.
     *
     * @return in increasing order
     */
    public Set<TimelineId> timelines() {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the newest segment of a timeline.
     *
     * @param timeline the timeline
     * @return the segment with the greatest number, empty if there is none
     */
    public Optional<WalSegment> newest(TimelineId timeline) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the unbroken runs of a timeline, in order; between two of them there is a gap.
     *
     * @param timeline the timeline
     * @return the runs
     */
    public List<Run> runs(TimelineId timeline) {
        throw new UnsupportedOperationException();
    }
}

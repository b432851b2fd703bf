package dev.pitr.catalog;

import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which whole segments are archived, with their stored sizes. Immutable.
 *
 * <p>Compact: twelve bytes for each segment, so that a terabyte of WAL takes less than a megabyte.
 */
public final class WalCoverage {
    private final @Nullable WalSegmentSize segmentSize;
    private final SortedMap<TimelineId, SegmentTable> timelines;

    private WalCoverage(@Nullable WalSegmentSize segmentSize, SortedMap<TimelineId, SegmentTable> timelines) {
        this.segmentSize = segmentSize;
        this.timelines = timelines;
    }

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
        return storedSizeBytes(segment).isPresent();
    }

    /**
     * Returns the stored size of a segment.
     *
     * @param segment the segment
     * @return bytes as stored, empty if it isn't archived
     */
    public OptionalLong storedSizeBytes(WalSegment segment) {
        SegmentTable table = timelines.get(segment.timeline());
        int index = table != null && segment.size().equals(segmentSize) ? table.indexOf(segment.number()) : -1;
        return table != null && index >= 0 ? OptionalLong.of(table.sizeBytes(index)) : OptionalLong.empty();
    }

    /**
     * Returns the timelines that have at least one segment.
     *
     * @return in increasing order
     */
    public Set<TimelineId> timelines() {
        return Collections.unmodifiableSet(timelines.keySet());
    }

    /**
     * Returns the oldest segment of a timeline.
     *
     * @param timeline the timeline
     * @return the segment with the smallest number, empty if there is none
     */
    public Optional<WalSegment> oldest(TimelineId timeline) {
        SegmentTable table = timelines.get(timeline);
        return table == null ? Optional.empty() : Optional.of(segment(timeline, table.number(0)));
    }

    /**
     * Returns the newest segment of a timeline.
     *
     * @param timeline the timeline
     * @return the segment with the greatest number, empty if there is none
     */
    public Optional<WalSegment> newest(TimelineId timeline) {
        SegmentTable table = timelines.get(timeline);
        return table == null ? Optional.empty() : Optional.of(segment(timeline, table.number(table.count() - 1)));
    }

    /**
     * Returns the unbroken runs of a timeline, in order; between two of them there is a gap.
     *
     * @param timeline the timeline
     * @return the runs, none if it has no segment
     */
    public List<Run> runs(TimelineId timeline) {
        List<Run> runs = new ArrayList<>();
        SegmentTable table = timelines.get(timeline);
        if (table != null) {
            int end;
            for (int start = 0; start < table.count(); start = end + 1) {
                end = table.endOfRun(start);
                runs.add(new Run(segment(timeline, table.number(start)), segment(timeline, table.number(end))));
            }
        }
        return List.copyOf(runs);
    }

    /**
     * Returns the unbroken run that holds a segment.
     *
     * @param segment the segment
     * @return the rest of its run, from the segment itself on; empty if it isn't archived
     */
    public Optional<Run> runFrom(WalSegment segment) {
        SegmentTable table = timelines.get(segment.timeline());
        int index = table != null && contains(segment) ? table.indexOf(segment.number()) : -1;
        return table == null || index < 0
                ? Optional.empty()
                : Optional.of(new Run(segment, segment(segment.timeline(), table.number(table.endOfRun(index)))));
    }

    /**
     * Returns how many segments are archived, over all timelines.
     *
     * @return 0 or more
     */
    public long segmentCount() {
        return timelines.values().stream().mapToLong(SegmentTable::count).sum();
    }

    /**
     * Returns the stored size of all segments.
     *
     * @return bytes as stored
     */
    public long totalStoredBytes() {
        return timelines.values().stream().mapToLong(SegmentTable::totalBytes).sum();
    }

    private WalSegment segment(TimelineId timeline, long number) {
        if (segmentSize == null) {
            throw new IllegalStateException("An empty coverage has no segments");
        }
        return new WalSegment(timeline, number, segmentSize);
    }

    @Override
    public String toString() {
        return segmentCount() + " segments on " + timelines.size() + " timelines";
    }

    /**
     * An unbroken run of segments of one timeline.
     *
     * @param first the first segment
     * @param last the last segment, inclusive
     */
    public record Run(WalSegment first, WalSegment last) {
        /** Checks the order. */
        public Run {
            if (!first.timeline().equals(last.timeline()) || first.compareTo(last) > 0) {
                throw new IllegalArgumentException("No run goes from " + first + " to " + last);
            }
        }

        /**
         * Returns how many segments it has.
         *
         * @return 1 or more
         */
        public long length() {
            return last.number() - first.number() + 1;
        }
    }

    /** Collects segments, in any order; in name order it is fastest. Used by one thread, for one coverage. */
    public static final class Builder {
        private @Nullable WalSegmentSize segmentSize;
        private SortedMap<TimelineId, SegmentTable> timelines = new TreeMap<>();

        private Builder() {}

        /**
         * Adds an archived segment; added again, the later size counts.
         *
         * @param segment the segment, of the same size as all others here
         * @param storedSizeBytes its size as stored, 0 to 2^31 - 1
         * @return this
         */
        public Builder add(WalSegment segment, long storedSizeBytes) {
            if (segmentSize == null) {
                segmentSize = segment.size();
            } else if (!segmentSize.equals(segment.size())) {
                throw new IllegalArgumentException("Segment " + segment + " has "
                        + segment.size().bytes() + " bytes, others here have " + segmentSize.bytes());
            }
            if (storedSizeBytes < 0 || storedSizeBytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "Stored size of segment " + segment + " is out of range: " + storedSizeBytes);
            }
            timelines
                    .computeIfAbsent(segment.timeline(), timeline -> new SegmentTable())
                    .append(segment.number(), (int) storedSizeBytes);
            return this;
        }

        /**
         * Builds the coverage and empties this builder.
         *
         * @return what was added
         */
        public WalCoverage build() {
            SortedMap<TimelineId, SegmentTable> built = timelines;
            built.values().forEach(SegmentTable::sorted);
            timelines = new TreeMap<>();
            return new WalCoverage(segmentSize, built);
        }
    }
}

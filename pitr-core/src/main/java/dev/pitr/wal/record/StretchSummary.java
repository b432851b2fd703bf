package dev.pitr.wal.record;

import dev.pitr.wal.WalSegment;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an unbroken run of segments of one timeline says of itself: the fold of their {@linkplain SegmentSummary
 * summaries}.
 *
 * <p>Enough to pass over the run when what is looked for can't be inside, and to prove that its records follow each other.
 * A record counts where it <em>ends</em>: one that begins in the segment before the first counts once the stretch is
 * {@linkplain #joinedTo joined} to it, and one that goes on in the segment after the last counts there.
 *
 * <p>Immutable; grows with releases.
 */
public final class StretchSummary {
    private final WalSegment first;
    private final WalSegment last;
    private final StopStatistics stops;
    private final Map<Occurrence, Long> occurrences;
    private final RowCounts rows;
    private final @Nullable TimedPoint lastTimed;
    private final @Nullable WalLevel leastWalLevel;
    private final RecordChain chain;

    private StretchSummary(Builder builder) {
        first = builder.first;
        last = builder.last;
        stops = builder.stops;
        occurrences = Collections.unmodifiableMap(new EnumMap<>(builder.occurrences));
        rows = builder.rows;
        lastTimed = builder.lastTimed;
        leastWalLevel = builder.leastWalLevel;
        chain = builder.chain;
    }

    /**
     * Starts to describe a stretch.
     *
     * @param first its first segment
     * @param last its last segment, inclusive, of the same timeline
     * @param chain how its records hang together
     * @return a builder
     */
    public static Builder builder(WalSegment first, WalSegment last, RecordChain chain) {
        return new Builder(first, last, chain);
    }

    /**
     * Returns the first segment.
     *
     * @return the segment with the smallest number
     */
    public WalSegment first() {
        return first;
    }

    /**
     * Returns the last segment.
     *
     * @return the segment with the greatest number, inclusive
     */
    public WalSegment last() {
        return last;
    }

    /**
     * Returns how many segments it has.
     *
     * @return 1 or more
     */
    public long length() {
        return last.number() - first.number() + 1;
    }

    /**
     * Returns what is known of all stop points together.
     *
     * @return the statistics, none left out
     */
    public StopStatistics stops() {
        return stops;
    }

    /**
     * Returns how often something occurs.
     *
     * @param what the kind of record
     * @return 0 or more
     */
    public long count(Occurrence what) {
        return occurrences.getOrDefault(what, 0L);
    }

    /**
     * Returns the changed rows, those of catalogs included.
     *
     * @return how many
     */
    public RowCounts rows() {
        return rows;
    }

    /**
     * Returns the last record that tells a time.
     *
     * @return a stop point, restore point, checkpoint or end of recovery; empty if there is none
     */
    public Optional<TimedPoint> lastTimed() {
        return Optional.ofNullable(lastTimed);
    }

    /**
     * Returns the lowest {@code wal_level} that any record tells: changes of settings, ends of recovery, and from version
     * 17 on checkpoints.
     *
     * @return the level, empty if no record tells one
     */
    public Optional<WalLevel> leastWalLevel() {
        return Optional.ofNullable(leastWalLevel);
    }

    /**
     * Returns how its records hang together.
     *
     * @return links, ends, and where a chain is broken
     */
    public RecordChain chain() {
        return chain;
    }

    /**
     * Folds two stretches into one. Associative.
     *
     * @param next the stretch that begins with the segment after this one's last, on the same timeline
     * @return what both say together
     * @throws IllegalArgumentException if the other one doesn't follow
     */
    public StretchSummary followedBy(StretchSummary next) {
        if (next.first.number() != last.number() + 1 || !next.first.timeline().equals(last.timeline())) {
            throw new IllegalArgumentException("Cannot fold: " + next.first + " doesn't follow " + last);
        }
        RecordJoint joint = RecordJoint.of(chain, next.chain);
        Builder both = builder(first, next.last, joint.folded()).add(this);
        joint.record().ifPresent(record -> SummaryTally.of(record).addTo(both));
        return both.add(next).build();
    }

    /**
     * Adds the record that begins before this stretch and ends in it.
     *
     * @param previous the stretch before on the path that is read: its last segment has the number before, on this
     *     timeline or, at the first segment of a timeline, on its parent
     * @return this stretch with the record counted; this itself if there is none
     */
    public StretchSummary joinedTo(StretchSummary previous) {
        RecordJoint joint = joint(previous);
        return joint.isIdle() ? this : joined(joint);
    }

    RecordJoint joint(StretchSummary previous) {
        if (previous.last.number() + 1 != first.number()) {
            throw new IllegalArgumentException("Cannot join: " + first + " doesn't follow " + previous.last);
        }
        return RecordJoint.of(previous.chain, chain);
    }

    StretchSummary joined(RecordJoint joint) {
        Builder joined = builder(first, last, joint.joined());
        joint.record().ifPresent(record -> SummaryTally.of(record).addTo(joined));
        return joined.add(this).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StretchSummary that
                && that.first.equals(first)
                && that.last.equals(last)
                && that.stops.equals(stops)
                && that.occurrences.equals(occurrences)
                && that.rows.equals(rows)
                && Objects.equals(that.lastTimed, lastTimed)
                && that.leastWalLevel == leastWalLevel
                && that.chain.equals(chain);
    }

    @Override
    public int hashCode() {
        return Objects.hash(first, last, stops, chain);
    }

    @Override
    public String toString() {
        return first + " to " + last + ": " + stops + ", " + occurrences;
    }

    /** Collects a stretch. Used by one thread. */
    public static final class Builder {
        private final WalSegment first;
        private final WalSegment last;
        private final RecordChain chain;
        private final Map<Occurrence, Long> occurrences = new EnumMap<>(Occurrence.class);
        private StopStatistics stops = StopStatistics.NONE;
        private RowCounts rows = RowCounts.NONE;
        private @Nullable TimedPoint lastTimed;
        private @Nullable WalLevel leastWalLevel;

        private Builder(WalSegment first, WalSegment last, RecordChain chain) {
            if (!first.timeline().equals(last.timeline()) || first.compareTo(last) > 0) {
                throw new IllegalArgumentException("No stretch goes from " + first + " to " + last);
            }
            this.first = first;
            this.last = last;
            this.chain = chain;
        }

        /**
         * Adds stop points; later ones after earlier ones.
         *
         * @param statistics of some of them
         * @return this
         */
        public Builder stops(StopStatistics statistics) {
            stops = stops.followedBy(statistics);
            return this;
        }

        /**
         * Adds occurrences.
         *
         * @param what the kind of record
         * @param times how often, 0 or more
         * @return this
         */
        public Builder count(Occurrence what, long times) {
            if (times > 0) {
                occurrences.merge(what, times, Long::sum);
            }
            return this;
        }

        /**
         * Adds changed rows.
         *
         * @param changed how many
         * @return this
         */
        public Builder rows(RowCounts changed) {
            rows = rows.plus(changed);
            return this;
        }

        /**
         * Adds a record that tells a time; later ones after earlier ones.
         *
         * @param point the record
         * @return this
         */
        public Builder timed(TimedPoint point) {
            lastTimed = point;
            return this;
        }

        /**
         * Adds a {@code wal_level} that a record tells.
         *
         * @param level the level
         * @return this
         */
        public Builder walLevel(WalLevel level) {
            leastWalLevel = leastWalLevel == null || level.compareTo(leastWalLevel) < 0 ? level : leastWalLevel;
            return this;
        }

        private Builder add(StretchSummary stretch) {
            stops(stretch.stops).rows(stretch.rows);
            stretch.occurrences.forEach(this::count);
            stretch.lastTimed().ifPresent(this::timed);
            stretch.leastWalLevel().ifPresent(this::walLevel);
            return this;
        }

        /**
         * Builds the summary.
         *
         * @return the stretch
         */
        public StretchSummary build() {
            return new StretchSummary(this);
        }
    }
}

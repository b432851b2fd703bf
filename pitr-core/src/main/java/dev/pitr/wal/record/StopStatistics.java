package dev.pitr.wal.record;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known together of all {@linkplain StopPoint stop points} of a stretch of WAL, none left out: enough to pass over
 * a stretch that can't hold the one that is looked for.
 *
 * <p>Commit times don't increase along the WAL, and transaction numbers wrap around; so the ranges are from least to
 * greatest, not from first to last. Immutable.
 */
public final class StopStatistics {
    /** Of a stretch without any stop point. */
    public static final StopStatistics NONE = builder().build();

    private final long count;
    private final @Nullable Instant leastTime;
    private final @Nullable Instant greatestTime;
    private final long leastXid;
    private final long greatestXid;
    private final @Nullable StopPoint first;
    private final @Nullable StopPoint last;
    private final @Nullable StopPoint firstCommit;
    private final @Nullable StopPoint lastCommit;

    private StopStatistics(Builder builder) {
        count = builder.count;
        leastTime = builder.leastTime;
        greatestTime = builder.greatestTime;
        leastXid = builder.leastXid;
        greatestXid = builder.greatestXid;
        first = builder.first;
        last = builder.last;
        firstCommit = builder.firstCommit;
        lastCommit = builder.lastCommit;
    }

    /**
     * Starts with no stop point.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the statistics of this stretch and the one that follows it. Associative.
     *
     * @param next what comes later in the WAL
     * @return of both
     */
    public StopStatistics followedBy(StopStatistics next) {
        if (next.count == 0 || count == 0) {
            return count == 0 ? next : this;
        }
        return builder().add(this).add(next).build();
    }

    /**
     * Returns how many stop points there are.
     *
     * @return 0 or more
     */
    public long count() {
        return count;
    }

    /**
     * Returns the earliest time of any stop point.
     *
     * @return the time, empty if there is no stop point
     */
    public Optional<Instant> leastTime() {
        return Optional.ofNullable(leastTime);
    }

    /**
     * Returns the latest time of any stop point.
     *
     * @return the time, empty if there is no stop point
     */
    public Optional<Instant> greatestTime() {
        return Optional.ofNullable(greatestTime);
    }

    /**
     * Returns the smallest transaction number of any stop point.
     *
     * @return unsigned 32 bits, empty if there is no stop point
     */
    public OptionalLong leastXid() {
        return count == 0 ? OptionalLong.empty() : OptionalLong.of(leastXid);
    }

    /**
     * Returns the greatest transaction number of any stop point.
     *
     * @return unsigned 32 bits, empty if there is no stop point
     */
    public OptionalLong greatestXid() {
        return count == 0 ? OptionalLong.empty() : OptionalLong.of(greatestXid);
    }

    /**
     * Returns the first stop point in the WAL.
     *
     * @return the stop point, empty if there is none
     */
    public Optional<StopPoint> first() {
        return Optional.ofNullable(first);
    }

    /**
     * Returns the last stop point in the WAL.
     *
     * @return the stop point, empty if there is none
     */
    public Optional<StopPoint> last() {
        return Optional.ofNullable(last);
    }

    /**
     * Returns the first commit in the WAL.
     *
     * @return its stop point, empty if nothing was committed
     */
    public Optional<StopPoint> firstCommit() {
        return Optional.ofNullable(firstCommit);
    }

    /**
     * Returns the last commit in the WAL.
     *
     * @return its stop point, empty if nothing was committed
     */
    public Optional<StopPoint> lastCommit() {
        return Optional.ofNullable(lastCommit);
    }

    /**
     * Tells whether the stop point of a transaction may be here.
     *
     * @param xid the transaction, unsigned 32 bits
     * @return false if it certainly isn't
     */
    public boolean mayHold(long xid) {
        return count > 0 && leastXid <= xid && xid <= greatestXid;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StopStatistics that
                && that.count == count
                && that.leastXid == leastXid
                && that.greatestXid == greatestXid
                && Objects.equals(that.leastTime, leastTime)
                && Objects.equals(that.greatestTime, greatestTime)
                && Objects.equals(that.first, first)
                && Objects.equals(that.last, last)
                && Objects.equals(that.firstCommit, firstCommit)
                && Objects.equals(that.lastCommit, lastCommit);
    }

    @Override
    public int hashCode() {
        return Objects.hash(count, first, last);
    }

    @Override
    public String toString() {
        return count == 0 ? "no stops" : count + " stops from " + leastTime + " to " + greatestTime;
    }

    /** Adds up stop points in WAL order. Used by one thread. */
    public static final class Builder {
        private long count;
        private @Nullable Instant leastTime;
        private @Nullable Instant greatestTime;
        private long leastXid;
        private long greatestXid;
        private @Nullable StopPoint first;
        private @Nullable StopPoint last;
        private @Nullable StopPoint firstCommit;
        private @Nullable StopPoint lastCommit;

        private Builder() {}

        /**
         * Adds one stop point.
         *
         * @param stop later in the WAL than all that were added
         * @return this
         */
        public Builder add(StopPoint stop) {
            StopPoint commit = stop.kind().isCommit() ? stop : null;
            return range(1, stop.time(), stop.time(), stop.xid(), stop.xid()).edges(stop, stop, commit, commit);
        }

        /**
         * Adds the stop points of a stretch.
         *
         * @param stretch later in the WAL than all that were added
         * @return this
         */
        public Builder add(StopStatistics stretch) {
            if (stretch.leastTime == null || stretch.greatestTime == null) {
                return this;
            }
            return range(stretch.count, stretch.leastTime, stretch.greatestTime, stretch.leastXid, stretch.greatestXid)
                    .edges(stretch.first, stretch.last, stretch.firstCommit, stretch.lastCommit);
        }

        /**
         * Adds the number and ranges of stop points; {@link #edges} says which come first and last.
         *
         * @param stops how many, 1 or more
         * @param fromTime the earliest time
         * @param toTime the latest time
         * @param fromXid the smallest transaction
         * @param toXid the greatest transaction
         * @return this
         */
        public Builder range(long stops, Instant fromTime, Instant toTime, long fromXid, long toXid) {
            if (stops < 1 || fromXid > toXid || fromTime.isAfter(toTime)) {
                throw new IllegalArgumentException(stops + " stop points from " + fromTime + " to " + toTime
                        + ", transactions " + fromXid + " to " + toXid);
            }
            leastXid = count == 0 ? fromXid : Math.min(leastXid, fromXid);
            greatestXid = Math.max(greatestXid, toXid);
            leastTime = leastTime == null || fromTime.isBefore(leastTime) ? fromTime : leastTime;
            greatestTime = greatestTime == null || toTime.isAfter(greatestTime) ? toTime : greatestTime;
            count += stops;
            return this;
        }

        /**
         * Adds which stop points come first and last.
         *
         * @param firstStop the first of them
         * @param lastStop the last of them
         * @param firstOfCommits the first commit, null if there is none
         * @param lastOfCommits the last commit, null if there is none
         * @return this
         */
        public Builder edges(
                @Nullable StopPoint firstStop,
                @Nullable StopPoint lastStop,
                @Nullable StopPoint firstOfCommits,
                @Nullable StopPoint lastOfCommits) {
            first = first == null ? firstStop : first;
            last = lastStop == null ? last : lastStop;
            firstCommit = firstCommit == null ? firstOfCommits : firstCommit;
            lastCommit = lastOfCommits == null ? lastCommit : lastOfCommits;
            return this;
        }

        /**
         * Builds the statistics.
         *
         * @return of all that was added
         */
        public StopStatistics build() {
            return new StopStatistics(this);
        }
    }
}

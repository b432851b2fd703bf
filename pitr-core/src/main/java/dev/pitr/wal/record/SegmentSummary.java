package dev.pitr.wal.record;

import dev.pitr.wal.WalSegment;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one WAL segment says of itself, without its bytes: where its records begin and end, what is known of its stop
 * points together, and the rare records that a recovery must know of.
 *
 * <p>A record counts where it <em>ends</em>. A segment alone can't know the record that straddles in from the one before:
 * {@link #joinedTo} adds it. Made by {@link SegmentScan}. Bounded in size whatever the segment holds; what was cut short is
 * told by {@link #cut()}. Immutable; grows with releases.
 */
public final class SegmentSummary {
    private final StretchSummary stretch;
    private final List<KeptRecord> records;
    private final List<RelationChanges> changes;
    private final Set<Part> cut;

    private SegmentSummary(Builder builder) {
        stretch = builder.stretch;
        records = List.copyOf(builder.records);
        changes = List.copyOf(builder.changes);
        cut = Collections.unmodifiableSet(builder.cut);
    }

    /** A part of a summary that can be cut short. */
    public enum Part {
        /** {@link #events()}: very long ones are missing, and those after the first 128. */
        EVENTS,
        /** {@link #changes()}: the list holds the greatest ones. */
        CHANGES,
        /** A record was too long to be read whole: what it says beyond its kind, place and time may be missing. */
        LONG_RECORD
    }

    /**
     * Starts to describe a segment.
     *
     * @param stretch what it says as a stretch of one segment
     * @return a builder
     */
    public static Builder builder(StretchSummary stretch) {
        return new Builder(stretch);
    }

    /**
     * Returns whose summary this is.
     *
     * @return the segment
     */
    public WalSegment segment() {
        return stretch.first();
    }

    /**
     * Returns what it says as a stretch of one segment, to be folded with others.
     *
     * @return counts, ranges and links
     */
    public StretchSummary stretch() {
        return stretch;
    }

    /**
     * Returns what is known of all stop points together.
     *
     * @return the statistics, none left out
     */
    public StopStatistics stops() {
        return stretch.stops();
    }

    /**
     * Returns how its records hang together and where they end.
     *
     * @return the chain
     */
    public RecordChain chain() {
        return stretch.chain();
    }

    /**
     * Returns the rare records: restore points, checkpoints, timeline switches, backup ends, changes of settings and of
     * full-page writes, overwritten records, databases and tablespaces created or dropped, prepared transactions, named
     * truncates, and of stop records those that remove files.
     *
     * @return in WAL order; not all if {@link #cut()} says so
     */
    public List<WalEvent> events() {
        return records.stream()
                .flatMap(record -> record.event(chain().version()).stream())
                .toList();
    }

    /**
     * Returns the records from which {@link #events()} are read.
     *
     * @return in WAL order
     */
    public List<KeptRecord> records() {
        return records;
    }

    /**
     * Returns the changed rows by transaction and relation: mass changes. The record that straddles in isn't among them.
     *
     * @return the greatest ones first; not all if {@link #cut()} says so
     */
    public List<RelationChanges> changes() {
        return changes;
    }

    /**
     * Returns what was left out for size.
     *
     * @return the parts that don't hold all; counts and statistics are always of all records
     */
    public Set<Part> cut() {
        return cut;
    }

    /**
     * Adds the record that begins in the segment before and ends here.
     *
     * @param previous the segment before on the path that is read: the one with the number before, on this timeline or,
     *     at the first segment of a timeline, on its parent
     * @return this summary with the record counted; this itself if there is none
     */
    public SegmentSummary joinedTo(SegmentSummary previous) {
        RecordJoint joint = stretch.joint(previous.stretch);
        if (joint.isIdle()) {
            return this;
        }
        Builder joined = new Builder(stretch.joined(joint)).changes(changes);
        cut.forEach(joined::cut);
        joint.record()
                .map(SummaryTally::of)
                .ifPresentOrElse(tally -> tally.addTo(joined, records), () -> joined.records(records));
        return joined.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SegmentSummary that
                && that.stretch.equals(stretch)
                && that.records.equals(records)
                && that.changes.equals(changes)
                && that.cut.equals(cut);
    }

    @Override
    public int hashCode() {
        return Objects.hash(stretch, records);
    }

    @Override
    public String toString() {
        return stretch.toString();
    }

    /** Collects a summary. Used by one thread. */
    public static final class Builder {
        private final StretchSummary stretch;
        private final EnumSet<Part> cut = EnumSet.noneOf(Part.class);
        private List<KeptRecord> records = List.of();
        private List<RelationChanges> changes = List.of();

        private Builder(StretchSummary stretch) {
            if (stretch.length() != 1) {
                throw new IllegalArgumentException("Not one segment: " + stretch.first() + " to " + stretch.last());
            }
            this.stretch = stretch;
        }

        /**
         * Sets the rare records.
         *
         * @param rare in WAL order
         * @return this
         */
        public Builder records(List<KeptRecord> rare) {
            records = rare;
            return this;
        }

        /**
         * Sets the changed rows.
         *
         * @param greatestFirst the greatest ones first
         * @return this
         */
        public Builder changes(List<RelationChanges> greatestFirst) {
            changes = greatestFirst;
            return this;
        }

        /**
         * Says that a part doesn't hold all.
         *
         * @param part which
         * @return this
         */
        public Builder cut(Part part) {
            cut.add(part);
            return this;
        }

        /**
         * Builds the summary.
         *
         * @return the summary
         */
        public SegmentSummary build() {
            return new SegmentSummary(this);
        }
    }
}

package dev.pitr.catalog;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The contents of one incarnation of a repository, read at one moment.
 *
 * <p>Immutable. An object that could not be read hides nothing but itself: it is told in {@link #unreadable()}.
 */
public final class Catalogue {
    private final ClusterIdentity identity;
    private final List<Backup> backups;
    private final WalCoverage wal;
    private final SortedSet<WalSegment> partials;
    private final Map<TimelineId, TimelineHistory> histories;
    private final List<Unreadable> unreadable;

    private Catalogue(Builder builder) {
        identity = builder.identity;
        backups = builder.backups.stream()
                .sorted(Comparator.comparing(Backup::startLsn).thenComparing(Backup::id))
                .toList();
        wal = builder.wal;
        partials = Collections.unmodifiableSortedSet(new TreeSet<>(builder.partials));
        histories = Collections.unmodifiableMap(new TreeMap<>(builder.histories));
        unreadable = List.copyOf(builder.unreadable);
    }

    /**
     * Starts an empty catalogue.
     *
     * @param identity the cluster whose contents it describes
     * @return a builder
     */
    public static Builder builder(ClusterIdentity identity) {
        return new Builder(identity);
    }

    /**
     * Returns whose contents these are.
     *
     * @return the cluster
     */
    public ClusterIdentity identity() {
        return identity;
    }

    /**
     * Returns the complete backups.
     *
     * @return by start position, then identifier
     */
    public List<Backup> backups() {
        return backups;
    }

    /**
     * Returns which whole segments are archived.
     *
     * @return the coverage of all timelines
     */
    public WalCoverage wal() {
        return wal;
    }

    /**
     * Returns the segments of which only a {@code .partial} file was archived at the end of their timeline; recovery
     * never asks for these.
     *
     * @return by timeline, then number
     */
    public SortedSet<WalSegment> partials() {
        return partials;
    }

    /**
     * Returns the timeline histories that are stored.
     *
     * @return by timeline; a timeline without an entry has no stored history, or one in {@link #unreadable()}
     */
    public Map<TimelineId, TimelineHistory> histories() {
        return histories;
    }

    /**
     * Returns what should have been here and could not be read.
     *
     * @return empty if all is well
     */
    public List<Unreadable> unreadable() {
        return unreadable;
    }

    @Override
    public String toString() {
        return "Catalogue of " + identity + ": " + backups.size() + " backups, " + wal + ", " + histories.size()
                + " histories, " + unreadable.size() + " unreadable";
    }

    /** Collects a catalogue. Used by one thread. */
    public static final class Builder {
        private final ClusterIdentity identity;
        private final List<Backup> backups = new ArrayList<>();
        private WalCoverage wal = WalCoverage.builder().build();
        private final SortedSet<WalSegment> partials = new TreeSet<>();
        private final Map<TimelineId, TimelineHistory> histories = new TreeMap<>();
        private final List<Unreadable> unreadable = new ArrayList<>();

        private Builder(ClusterIdentity identity) {
            this.identity = Objects.requireNonNull(identity, "identity");
        }

        /**
         * Adds a complete backup, in any order.
         *
         * @param backup a backup of this very cluster
         * @return this
         * @throws IllegalArgumentException if it is another cluster's
         */
        public Builder backup(Backup backup) {
            if (!backup.identity().equals(identity)) {
                throw new IllegalArgumentException("Cannot add backup " + backup.id() + " of " + backup.identity()
                        + " to the catalogue of " + identity);
            }
            backups.add(backup);
            return this;
        }

        /**
         * Sets which segments are archived; none without it.
         *
         * @param coverage the coverage
         * @return this
         */
        public Builder wal(WalCoverage coverage) {
            wal = coverage;
            return this;
        }

        /**
         * Adds a segment of which a partial file is archived.
         *
         * @param segment the segment
         * @return this
         */
        public Builder partial(WalSegment segment) {
            partials.add(segment);
            return this;
        }

        /**
         * Adds a stored timeline history.
         *
         * @param history the history
         * @return this
         */
        public Builder history(TimelineHistory history) {
            histories.put(history.timeline(), history);
            return this;
        }

        /**
         * Adds an object that could not be read.
         *
         * @param object the object and the reason
         * @return this
         */
        public Builder unreadable(Unreadable object) {
            unreadable.add(object);
            return this;
        }

        /**
         * Builds the catalogue.
         *
         * @return what was added
         */
        public Catalogue build() {
            return new Catalogue(this);
        }
    }
}

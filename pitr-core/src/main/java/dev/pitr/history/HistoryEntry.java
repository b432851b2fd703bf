package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A moment of a cluster's history: what a transaction did, or a restore point, or the start of a timeline; and the
 * recovery target just before it. Immutable; grows with releases.
 */
public final class HistoryEntry {
    private final Set<ChangeKind> kinds;
    private final Instant time;
    private final Lsn start;
    private final Lsn end;
    private final TimelineId timeline;
    private final @Nullable TransactionOutcome outcome;
    private final long xid;
    private final boolean isPrepared;
    private final long database;
    private final @Nullable String databaseName;
    private final String name;
    private final List<ChangedRelation> changes;
    private final List<DroppedRelation> dropped;
    private final List<String> doubts;
    private final boolean isComplete;
    private final TargetBefore before;
    private final Lsn firstEffect;

    private HistoryEntry(Builder builder) {
        kinds = Collections.unmodifiableSet(EnumSet.copyOf(builder.kinds));
        time = Objects.requireNonNull(builder.time);
        start = Objects.requireNonNull(builder.start);
        end = Objects.requireNonNull(builder.end);
        timeline = Objects.requireNonNull(builder.timeline);
        outcome = builder.outcome;
        xid = builder.xid;
        isPrepared = builder.isPrepared;
        database = builder.database;
        databaseName = builder.databaseName;
        name = builder.name;
        changes = List.copyOf(builder.changes);
        dropped = List.copyOf(builder.dropped);
        doubts = List.copyOf(builder.doubts);
        isComplete = builder.isComplete;
        before = Objects.requireNonNull(builder.before);
        firstEffect = Objects.requireNonNull(builder.firstEffect);
    }

    /**
     * Returns what happened.
     *
     * @return at least one kind
     */
    public Set<ChangeKind> kinds() {
        return kinds;
    }

    /**
     * Returns when, by the server's clock. Entries are in the order of the WAL, which needn't be that of their times.
     *
     * @return to the microsecond; in whole seconds for a timeline switch that a checkpoint tells
     */
    public Instant time() {
        return time;
    }

    /**
     * Returns where its record begins: of a transaction, the commit or abort.
     *
     * @return the position of the record's first byte
     */
    public Lsn start() {
        return start;
    }

    /**
     * Returns where its record ends.
     *
     * @return the server's {@code EndRecPtr}
     */
    public Lsn end() {
        return end;
    }

    /**
     * Returns the timeline that the record belongs to.
     *
     * @return the timeline; of a switch, the new one
     */
    public TimelineId timeline() {
        return timeline;
    }

    /**
     * Returns how the transaction ended.
     *
     * @return empty for restore points and timeline switches
     */
    public Optional<TransactionOutcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /**
     * Returns the transaction, of two-phase commits the one that was prepared.
     *
     * @return unsigned 32 bits; empty for restore points and timeline switches
     */
    public OptionalLong xid() {
        return outcome == null ? OptionalLong.empty() : OptionalLong.of(xid);
    }

    /**
     * Tells whether it was committed or rolled back in two phases.
     *
     * @return true after {@code PREPARE TRANSACTION}
     */
    public boolean isPrepared() {
        return isPrepared;
    }

    /**
     * Returns the database in which it changed something; of {@link ChangeKind#DATABASE_DROP}, the one that was dropped.
     *
     * @return its OID, empty if the WAL that was read doesn't tell
     */
    public OptionalLong database() {
        return database == 0 ? OptionalLong.empty() : OptionalLong.of(database);
    }

    /**
     * Returns that database's name.
     *
     * @return empty if the query's names don't know it
     */
    public Optional<String> databaseName() {
        return Optional.ofNullable(databaseName);
    }

    /**
     * Returns the restore point's name.
     *
     * @return empty text for all else
     */
    public String name() {
        return name;
    }

    /**
     * Returns the rows that it changed, by relation, without those of catalogs. Rows that a {@link ChangeKind#REWRITE}
     * writes anew are not among them.
     *
     * @return in the order of the first change; exact if {@link #isComplete()}
     */
    public List<ChangedRelation> changes() {
        return changes;
    }

    /**
     * Returns the relations that are gone for good. Those that only got new files are not among them.
     *
     * @return by OID from PostgreSQL 15 on, else by file
     */
    public List<DroppedRelation> dropped() {
        return dropped;
    }

    /**
     * Returns what isn't certain about the {@link #kinds()}.
     *
     * @return clauses for people; empty if all is certain
     */
    public List<String> doubts() {
        return doubts;
    }

    /**
     * Tells whether all that it did was read, so that rows are exact; else they are at least these.
     *
     * @return false if it began further back than was read
     */
    public boolean isComplete() {
        return isComplete;
    }

    /**
     * Returns the recovery target just before it.
     *
     * @return the target, and why this one
     */
    public TargetBefore before() {
        return before;
    }

    /** Where the target before it stops. */
    Lsn firstEffect() {
        return firstEffect;
    }

    /**
     * Describes it for people.
     *
     * @return several lines, the last one without a line end
     */
    public String describe() {
        return new EntryText(this).print();
    }

    @Override
    public String toString() {
        return kinds + " at " + end + ", " + time;
    }

    /** Collects an entry. */
    static final class Builder {
        private final EnumSet<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
        private @Nullable Instant time;
        private @Nullable Lsn start;
        private @Nullable Lsn end;
        private @Nullable TimelineId timeline;
        private @Nullable TransactionOutcome outcome;
        private long xid;
        private boolean isPrepared;
        private long database;
        private @Nullable String databaseName;
        private String name = "";
        private List<ChangedRelation> changes = List.of();
        private List<DroppedRelation> dropped = List.of();
        private List<String> doubts = List.of();
        private boolean isComplete = true;
        private @Nullable TargetBefore before;
        private @Nullable Lsn firstEffect;

        Builder kinds(Set<ChangeKind> all) {
            kinds.addAll(all);
            return this;
        }

        Builder at(Instant when, Lsn from, Lsn to, TimelineId on) {
            time = when;
            start = from;
            end = to;
            timeline = on;
            return this;
        }

        Builder transaction(TransactionOutcome how, long number) {
            outcome = how;
            xid = number;
            return this;
        }

        Builder prepared() {
            isPrepared = true;
            return this;
        }

        Builder database(long oid, Optional<String> knownName) {
            database = oid;
            databaseName = knownName.orElse(null);
            return this;
        }

        Builder name(String given) {
            name = given;
            return this;
        }

        Builder changes(List<ChangedRelation> all) {
            changes = all;
            return this;
        }

        Builder dropped(List<DroppedRelation> all) {
            dropped = all;
            return this;
        }

        Builder doubts(List<String> all) {
            doubts = all;
            return this;
        }

        Builder incomplete() {
            isComplete = false;
            return this;
        }

        Builder before(TargetBefore target, Lsn effect) {
            before = target;
            firstEffect = effect;
            return this;
        }

        HistoryEntry build() {
            return new HistoryEntry(this);
        }
    }
}

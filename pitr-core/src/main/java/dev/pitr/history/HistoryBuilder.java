package dev.pitr.history;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalIndex;
import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link History}: without any option, all that committed along the newest timeline. Options narrow it down
 * together; each may be set once. Used by one thread.
 */
public final class HistoryBuilder {
    private static final long DEFAULT_READ_BEHIND_BYTES = 64L << 20;

    private final Catalogue catalogue;
    private final WalIndex index;
    private final EnumSet<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
    private final EnumSet<TransactionOutcome> outcomes = EnumSet.of(TransactionOutcome.COMMITTED);
    private @Nullable Instant since;
    private @Nullable Instant until;
    private @Nullable Lsn from;
    private @Nullable Lsn to;
    private @Nullable TimelineId timeline;
    private @Nullable Long deletesOver;
    private @Nullable Long updatesOver;
    private @Nullable Long relation;
    private @Nullable String relationName;
    private @Nullable Long xid;
    private @Nullable RelationNames names;
    private @Nullable Long readBehindBytes;

    HistoryBuilder(Catalogue catalogue, WalIndex index) {
        this.catalogue = catalogue;
        this.index = index;
    }

    /**
     * Leaves out what ended earlier.
     *
     * @param time the earliest time, inclusive, as the server's clock showed it
     * @return this
     */
    public HistoryBuilder since(Instant time) {
        requireUnset("since", since);
        since = time;
        return this;
    }

    /**
     * Leaves out what ended later.
     *
     * @param time the latest time, inclusive, as the server's clock showed it
     * @return this
     */
    public HistoryBuilder until(Instant time) {
        requireUnset("until", until);
        until = time;
        return this;
    }

    /**
     * Leaves out what ended before a position.
     *
     * @param lsn the first position of a commit record
     * @return this
     */
    public HistoryBuilder from(Lsn lsn) {
        requireUnset("from", from);
        from = lsn;
        return this;
    }

    /**
     * Leaves out what ended at a position or behind it.
     *
     * @param lsn the position before which commit records begin
     * @return this
     */
    public HistoryBuilder to(Lsn lsn) {
        requireUnset("to", to);
        to = lsn;
        return this;
    }

    /**
     * Chooses the timeline to follow back through its ancestors. Default: the newest of which there is a trace.
     *
     * @param followed the timeline
     * @return this
     */
    public HistoryBuilder timeline(TimelineId followed) {
        requireUnset("timeline", timeline);
        timeline = followed;
        return this;
    }

    /**
     * Asks for these kinds only; called again, for further ones.
     *
     * @param first a kind
     * @param more further kinds, any of which will do
     * @return this
     */
    public HistoryBuilder only(ChangeKind first, ChangeKind... more) {
        kinds.addAll(EnumSet.of(first, more));
        return this;
    }

    /**
     * Asks for transactions that deleted more than so many rows, over all relations and segments; if kinds are asked for,
     * for these as well.
     *
     * <p>From 16 on this is answered by summaries first, which list a segment's greatest changes of 16 rows and more. A
     * transaction of which these lists hold less than half is missed.
     *
     * @param rows 0 or more
     * @return this
     */
    public HistoryBuilder deletesOver(long rows) {
        requireUnset("deletesOver", deletesOver);
        deletesOver = requireCount("deletesOver", rows);
        kinds.add(ChangeKind.MASS_DELETE);
        return this;
    }

    /**
     * Asks for transactions that updated more than so many rows, as {@link #deletesOver} does.
     *
     * @param rows 0 or more
     * @return this
     */
    public HistoryBuilder updatesOver(long rows) {
        requireUnset("updatesOver", updatesOver);
        updatesOver = requireCount("updatesOver", rows);
        kinds.add(ChangeKind.MASS_UPDATE);
        return this;
    }

    /**
     * Asks for transactions that changed, dropped, truncated or locked a relation.
     *
     * @param number its OID or its file's number
     * @return this
     */
    public HistoryBuilder relation(long number) {
        requireUnset("relation", relation);
        requireUnset("relation", relationName);
        relation = number;
        return this;
    }

    /**
     * Asks for transactions that changed, dropped, truncated or locked a relation, in any database.
     *
     * @param name its name, with or without the schema; the {@link #names} must know it
     * @return this
     */
    public HistoryBuilder relation(String name) {
        requireUnset("relation", relation);
        requireUnset("relation", relationName);
        relationName = name;
        return this;
    }

    /**
     * Asks for one transaction.
     *
     * @param number unsigned 32 bits; of a transaction of 64 bits the lower half. Not a subtransaction
     * @return this
     */
    public HistoryBuilder xid(long number) {
        requireUnset("xid", xid);
        xid = number & 0xFFFF_FFFFL;
        return this;
    }

    /**
     * Asks for transactions that were rolled back, too.
     *
     * @return this
     */
    public HistoryBuilder aborted() {
        outcomes.add(TransactionOutcome.ABORTED);
        return this;
    }

    /**
     * Sets where names of relations and databases come from. Default: {@link RelationNames#NONE}.
     *
     * @param known the names
     * @return this
     */
    public HistoryBuilder names(RelationNames known) {
        requireUnset("names", names);
        names = known;
        return this;
    }

    /**
     * Sets how much WAL before a transaction's end may be read for its beginning, beyond what is read anyway. Default:
     * 64 MiB. Of those that began further back, {@link HistoryEntry#isComplete()} is false.
     *
     * @param bytes uncompressed, 0 or more; rounded down to whole segments
     * @return this
     */
    public HistoryBuilder readBehindBytes(long bytes) {
        requireUnset("readBehindBytes", readBehindBytes);
        readBehindBytes = requireCount("readBehindBytes", bytes);
        return this;
    }

    /**
     * Builds the query.
     *
     * @return the query; nothing is read yet
     * @throws IllegalArgumentException if a range is empty
     * @throws PitrException history.unknown-relation if no name says which relation is meant
     */
    public History build() {
        HistoryRequest request = new HistoryRequest(
                from == null ? Lsn.ZERO : from,
                to == null ? new Lsn(-1) : to,
                since == null ? Instant.MIN : since,
                until == null ? Instant.MAX : until,
                Set.copyOf(kinds),
                optional(deletesOver),
                optional(updatesOver),
                relations(),
                optional(xid),
                Set.copyOf(outcomes),
                readBehindBytes == null ? DEFAULT_READ_BEHIND_BYTES : readBehindBytes);
        if (!request.from().isBefore(request.to())) {
            throw new IllegalArgumentException("Nothing lies from " + request.from() + " to before " + request.to());
        }
        if (request.until().isBefore(request.since())) {
            throw new IllegalArgumentException("Nothing lies between " + request.since() + " and the earlier "
                    + request.until() + ": exchange since and until");
        }
        ArchivedPath path = timeline == null ? ArchivedPath.newest(catalogue) : ArchivedPath.along(timeline, catalogue);
        return new History(catalogue, index, request, path, known());
    }

    private RelationNames known() {
        return names == null ? RelationNames.NONE : names;
    }

    private RelationFilter relations() {
        if (relationName == null) {
            return relation == null ? RelationFilter.ANY : RelationFilter.number(relation);
        }
        List<RelationNames.Known> found = known().find(relationName);
        if (found.isEmpty()) {
            throw new PitrException(
                    "history.unknown-relation",
                    "Cannot tell which relation \"" + relationName
                            + "\" is: no server or backup that was asked knows the"
                            + " name. Give its OID or file number.");
        }
        return RelationFilter.known(found);
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static long requireCount(String option, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(option + " " + value + " is negative");
        }
        return value;
    }

    private static void requireUnset(String option, @Nullable Object value) {
        if (Objects.nonNull(value)) {
            throw new IllegalStateException(option + " is set twice");
        }
    }
}

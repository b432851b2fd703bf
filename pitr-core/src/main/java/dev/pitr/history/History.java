package dev.pitr.history;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A query over what happened to a cluster, answered from its archived WAL: transactions with their rows, drops, truncates
 * and rewrites, restore points, timeline switches.
 *
 * <pre>{@code
 * HistoryEntry accident = pitr.history()
 *         .only(ChangeKind.DROP)
 *         .since(yesterday)
 *         .build()
 *         .newestFirst()
 *         .findFirst()
 *         .orElseThrow();
 * RestorePlan plan = pitr.plan(accident.before().target()).build();
 * }</pre>
 *
 * <p>Segments whose summaries rule them out aren't read, and neither are those beyond what the caller takes from the
 * stream. Memory is bounded whatever the length of the WAL and the number of transactions. Immutable and thread-safe.
 */
public final class History {
    private final Catalogue catalogue;
    private final WalIndex index;
    private final HistoryRequest request;
    private final ArchivedPath path;
    private final RelationNames names;

    History(Catalogue catalogue, WalIndex index, HistoryRequest request, ArchivedPath path, RelationNames names) {
        this.catalogue = catalogue;
        this.index = index;
        this.request = request;
        this.path = path;
        this.names = names;
    }

    /**
     * Begins to describe a query.
     *
     * @param catalogue what is archived
     * @param index what is inside
     * @return a builder
     */
    public static HistoryBuilder of(Catalogue catalogue, WalIndex index) {
        return new HistoryBuilder(catalogue, index);
    }

    /**
     * Returns the timeline whose history this is, its ancestors included.
     *
     * @return the timeline that was asked for, else the newest
     */
    public TimelineId timeline() {
        return path.timeline();
    }

    /**
     * Searches, newest first.
     *
     * @return the entries, against the order of the WAL, found as the stream is taken from: lazy, sequential, to be
     *     taken from by one thread. It may throw what {@link WalIndex} does
     */
    public Stream<HistoryEntry> newestFirst() {
        PostgresVersion version = catalogue.identity().version();
        MassHits mass = request.hasThreshold() && !request.isExactlyCounted()
                ? new MassSearch(request, path, index, version).find()
                : MassHits.NONE;
        HistoryFilter filter = new HistoryFilter(request, version, mass);
        EntryMaker maker = new EntryMaker(filter, path, version, names);
        HistorySearch search = new HistorySearch(filter, path, index, maker, version);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(
                        search, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
                false);
    }

    @Override
    public String toString() {
        return "History along timeline " + timeline() + ": " + request;
    }
}

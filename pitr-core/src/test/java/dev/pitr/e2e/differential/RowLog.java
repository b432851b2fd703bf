package dev.pitr.e2e.differential;

import dev.pitr.wal.TimelineId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the clients know, kept outside of every server: which rows each committed transaction added. Safe for concurrent
 * clients.
 */
final class RowLog {
    /** A transaction: numbers come again on other timelines. */
    private record Transaction(TimelineId timeline, long xid) {}

    /** A transaction that was prepared, by its name: it may end on a child of the timeline where it began. */
    record Prepared(long xid, Set<Long> rows) {}

    private final AtomicLong nextRow = new AtomicLong(1);
    private final Map<Transaction, Set<Long>> committed = new ConcurrentHashMap<>();
    private final Map<String, Prepared> prepared = new ConcurrentHashMap<>();

    long newRow() {
        return nextRow.getAndIncrement();
    }

    void committed(TimelineId timeline, long xid, Set<Long> rows) {
        committed.put(new Transaction(timeline, xid), Set.copyOf(rows));
    }

    void prepared(String name, long xid, Set<Long> rows) {
        prepared.put(name, new Prepared(xid, Set.copyOf(rows)));
    }

    void preparedIsCommitted(String name, TimelineId timeline) {
        Prepared transaction = prepared.get(name);
        committed(timeline, transaction.xid(), transaction.rows());
    }

    /** The rows that a server must show which has replayed these records, and no others that stop recovery. */
    SortedSet<Long> after(List<PlainRecord> replayed) {
        SortedSet<Long> rows = new TreeSet<>();
        for (PlainRecord found : replayed) {
            if (found.isCommit()) {
                rows.addAll(committed.getOrDefault(new Transaction(found.owner(), found.stopXid()), Set.of()));
            }
        }
        return rows;
    }
}

package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RowOperation;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalEvent;
import dev.pitr.wal.record.WalRecord;
import dev.pitr.wal.record.WalRecordException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What one segment's records say of transactions: those that end in it, and what those that don't did in it. Fed record by
 * record, in WAL order. Holds a bounded number of ended transactions: the last ones.
 */
final class SegmentRecords {
    private static final int MAX_TALLIES = 500_000;

    // Resource managers and operations of rmgrlist.h, heapam_xlog.h and xact.h.
    private static final int XLOG = 0;
    private static final int TRANSACTION = 1;
    private static final int STORAGE = 2;
    private static final int DATABASE = 4;
    private static final int STANDBY = 8;
    private static final int HEAP2 = 9;
    private static final int HEAP = 10;
    private static final int HEAP_MASK = 0x70;
    private static final int HEAP_DELETE = 0x10;
    private static final int HEAP_TRUNCATE = 0x30;
    private static final int HEAP_INPLACE = 0x70;
    private static final int DELETED_OFFSET = 4;
    private static final int XLOG_MASK = 0xF0;
    private static final int XLOG_PAGE_IMAGE = 0xB0;

    private static final RelationFile PG_DATABASE = new RelationFile(1664, 0, 1262);

    private final LongPredicate wanted;
    private final BiPredicate<StopRecord, TransactionTally> mayMatch;
    private final int maxEnded;

    private final Map<Long, TransactionTally> tallies = new HashMap<>();
    private final Deque<Ended> ended = new ArrayDeque<>();
    private final List<WalEvent.RunningTransactions> snapshots = new ArrayList<>();
    private final List<WalEvent> marks = new ArrayList<>();
    private final Map<DatabaseDrop.Row, Lsn> databaseMarks = new HashMap<>();
    private @Nullable Lsn letGoBefore;
    private boolean isCut;

    /**
     * Begins to collect.
     *
     * @param wanted the transactions, subtransactions too, whose changes to keep
     * @param mayMatch the ends to keep
     * @param maxEnded how many of them to hold
     */
    SegmentRecords(LongPredicate wanted, BiPredicate<StopRecord, TransactionTally> mayMatch, int maxEnded) {
        this.wanted = wanted;
        this.mayMatch = mayMatch;
        this.maxEnded = maxEnded;
    }

    void add(WalRecord record) {
        try {
            switch (record.resourceManager()) {
                case HEAP, HEAP2 -> addHeap(record);
                case TRANSACTION -> record.event().ifPresent(this::addStop);
                case STORAGE, DATABASE -> addObject(record);
                case STANDBY -> record.event().ifPresent(this::addStandby);
                case XLOG -> addXlog(record);
                default -> addWritten(record);
            }
        } catch (WalRecordException e) {
            // A body that can't be read hides itself, nothing else.
            isCut = true;
        }
    }

    private void addHeap(WalRecord record) {
        RowOperation operation = record.rowOperation();
        if (operation != RowOperation.NONE) {
            TransactionTally tally = tally(record.xid());
            if (tally != null) {
                tally.addRows(record, operation);
                noteDatabaseRow(record, tally);
            }
            return;
        }
        if (record.resourceManager() != HEAP) {
            return;
        }
        switch (record.info() & HEAP_MASK) {
            case HEAP_TRUNCATE -> record.event().ifPresent(this::addTruncate);
            case HEAP_INPLACE -> noteInPlace(record);
            default -> {}
        }
    }

    private void addTruncate(WalEvent event) {
        if (event instanceof WalEvent.TablesTruncated truncated) {
            TransactionTally tally = tally(truncated.xid());
            if (tally != null) {
                truncated.relations().forEach(tally::addTruncated);
            }
        }
    }

    private void noteInPlace(WalRecord record) {
        if (isOfDatabases(record, 0)) {
            databaseMarks.put(
                    new DatabaseDrop.Row(record.blockNumber(0), offset(record, 0)), new Lsn(record.startLsn()));
        }
    }

    private void noteDatabaseRow(WalRecord record, TransactionTally tally) {
        boolean isDelete = record.resourceManager() == HEAP && (record.info() & HEAP_MASK) == HEAP_DELETE;
        if (isDelete && isOfDatabases(record, DELETED_OFFSET)) {
            DatabaseDrop.Row row = new DatabaseDrop.Row(record.blockNumber(0), offset(record, DELETED_OFFSET));
            tally.addDatabaseRow(row, new Lsn(record.startLsn()), databaseMarks.get(row));
        }
    }

    /** Whether it changes a row of pg_database, and says at this place of its main data which. */
    private static boolean isOfDatabases(WalRecord record, int at) {
        return record.blockCount() > 0
                && record.blockFileNumber(0) == PG_DATABASE.number()
                && record.blockDatabase(0) == 0
                && record.mainDataAtHand() >= at + Short.BYTES;
    }

    private static int offset(WalRecord record, int at) {
        byte[] bytes = record.bytes();
        int index = record.mainDataOffset() + at;
        return (bytes[index] & 0xFF) | (bytes[index + 1] & 0xFF) << 8;
    }

    private void addObject(WalRecord record) {
        if (!wanted.test(record.xid())) {
            return;
        }
        record.event().ifPresent(event -> {
            TransactionTally tally = tally(record.xid());
            if (tally == null) {
                return;
            }
            if (event instanceof WalEvent.FileCreated created && created.fork() == WalEvent.Fork.MAIN) {
                tally.addCreated(created.file());
            } else if (event instanceof WalEvent.DatabaseDropped dropped) {
                tally.addDatabaseFiles(dropped.database(), dropped.start());
            }
        });
    }

    private void addXlog(WalRecord record) {
        if (record.blockCount() > 0) {
            addWritten(record);
            return;
        }
        record.event().ifPresent(event -> {
            if (event instanceof WalEvent.RestorePoint || event instanceof WalEvent.TimelineSwitch) {
                marks.add(event);
            }
        });
    }

    /** Most of these are changes of indexes, of which there are too many to look at: only new files matter. */
    private void addWritten(WalRecord record) {
        if (record.blockCount() > 0 && record.xid() != 0) {
            TransactionTally tally = isPageImage(record) ? tally(record.xid()) : tallies.get(record.xid());
            if (tally != null && (isPageImage(record) || !tally.createdFiles().isEmpty())) {
                tally.addWritten(record);
            }
        }
    }

    private static boolean isPageImage(WalRecord record) {
        return record.resourceManager() == XLOG && (record.info() & XLOG_MASK) == XLOG_PAGE_IMAGE;
    }

    private void addStandby(WalEvent event) {
        if (event instanceof WalEvent.RunningTransactions running) {
            snapshots.add(running);
        } else if (event instanceof WalEvent.RelationsLocked locked) {
            for (WalEvent.Lock lock : locked.locks()) {
                TransactionTally tally = tally(lock.xid());
                if (tally != null) {
                    tally.addLock(lock.relation());
                }
            }
        }
    }

    private void addStop(WalEvent event) {
        if (!(event instanceof StopRecord stop)) {
            return;
        }
        TransactionTally own = tallies.remove(stop.xid());
        TransactionTally sum = own == null ? new TransactionTally() : own;
        for (long subtransaction : stop.subtransactions()) {
            TransactionTally more = tallies.remove(subtransaction);
            if (more != null) {
                sum.add(more);
            }
        }
        boolean isKept = mayMatch.test(stop, sum);
        if (isKept) {
            ended.addLast(new Ended(stop, sum));
            if (ended.size() > maxEnded) {
                ended.removeFirst();
                letGoBefore = ended.getFirst().stop().start();
            }
        }
    }

    private @Nullable TransactionTally tally(long xid) {
        if (xid == 0 || !wanted.test(xid)) {
            return null;
        }
        TransactionTally known = tallies.get(xid);
        if (known == null) {
            if (tallies.size() >= MAX_TALLIES) {
                isCut = true;
                return null;
            }
            known = new TransactionTally();
            tallies.put(xid, known);
        }
        return known;
    }

    /** The transactions that end here, in WAL order. */
    Deque<Ended> ended() {
        return ended;
    }

    /** Takes what a transaction did here that doesn't end here. */
    @Nullable
    TransactionTally take(long xid) {
        return tallies.remove(xid);
    }

    /** Transactions with changes here that don't end here. */
    Map<Long, TransactionTally> unfinished() {
        return tallies;
    }

    /** Snapshots of what ran, in WAL order. */
    List<WalEvent.RunningTransactions> snapshots() {
        return snapshots;
    }

    /** Restore points and timeline switches, in WAL order. */
    List<WalEvent> marks() {
        return marks;
    }

    /** Where the row of a database was last changed in place here. */
    @Nullable
    Lsn databaseMark(DatabaseDrop.Row row) {
        return databaseMarks.get(row);
    }

    /** Where the oldest end that is held lies, if older ones had to be let go. */
    @Nullable
    Lsn letGoBefore() {
        return letGoBefore;
    }

    boolean isCut() {
        return isCut;
    }
}

package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads records on relations and on what runs: {@code heapam_xlog.h}, {@code standbydefs.h}, {@code message.h}. */
final class RelationEvents {
    private static final int HEAP_TRUNCATE = 0x30;
    private static final int HEAP_INPLACE = 0x70;
    private static final int CASCADE = 1;
    private static final int RESTART_SEQUENCES = 2;

    private static final int STANDBY_MASK = 0xF0;
    private static final int STANDBY_LOCK = 0x00;
    private static final int STANDBY_RUNNING = 0x10;
    private static final int STANDBY_INVALIDATIONS = 0x20;

    private static final int LOCK_BYTES = 12;
    private static final int MAX_PREFIX_BYTES = 1024;

    private final WalRecord record;
    private final RecordBody body;
    private final Lsn start;
    private final Lsn end;

    private RelationEvents(WalRecord record) {
        this.record = record;
        body = new RecordBody(record);
        start = new Lsn(record.startLsn());
        end = new Lsn(record.endLsn());
    }

    static Optional<WalEvent> heap(WalRecord record) {
        return switch (record.info() & HeapChanges.MASK) {
            case HEAP_TRUNCATE -> Optional.of(new RelationEvents(record).tablesTruncated());
            case HEAP_INPLACE -> new RelationEvents(record).changedInPlace();
            default -> Optional.empty();
        };
    }

    private WalEvent tablesTruncated() {
        long database = body.u32();
        int count = body.i32();
        int flags = body.u8();
        List<RelationId> relations = body.moveTo(12).numbers(count).stream()
                .map(oid -> new RelationId(database, oid))
                .toList();
        return new WalEvent.TablesTruncated(
                start, end, record.xid(), relations, (flags & CASCADE) != 0, (flags & RESTART_SEQUENCES) != 0);
    }

    private Optional<WalEvent> changedInPlace() {
        return record.blockCount() == 0
                ? Optional.empty()
                : Optional.of(new WalEvent.ChangedInPlace(start, end, record.blockFile(0), record.blockNumber(0)));
    }

    static Optional<WalEvent> standby(WalRecord record) {
        return switch (record.info() & STANDBY_MASK) {
            case STANDBY_LOCK -> Optional.of(new RelationEvents(record).locks());
            case STANDBY_RUNNING -> Optional.of(new RelationEvents(record).running());
            case STANDBY_INVALIDATIONS -> Optional.of(new RelationEvents(record).invalidations());
            default -> Optional.empty();
        };
    }

    private WalEvent locks() {
        int count = body.count(LOCK_BYTES);
        List<WalEvent.Lock> locks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            locks.add(new WalEvent.Lock(body.u32(), new RelationId(body.u32(), body.u32())));
        }
        return new WalEvent.RelationsLocked(start, end, locks);
    }

    private WalEvent running() {
        int transactions = body.i32();
        int subtransactions = body.i32();
        boolean overflowed = body.u8() != 0;
        long next = body.moveTo(12).u32();
        long oldest = body.u32();
        long latest = body.u32();
        body.requireItems(transactions, Integer.BYTES);
        body.requireItems(subtransactions, Integer.BYTES);
        return new WalEvent.RunningTransactions(
                start,
                end,
                body.numbers(transactions + subtransactions),
                subtransactions,
                overflowed,
                next,
                oldest,
                latest);
    }

    private WalEvent invalidations() {
        int count = body.moveTo(12).i32();
        return new WalEvent.RelationsInvalidated(start, end, record.xid(), body.invalidations(count));
    }

    static Optional<WalEvent> message(WalRecord record) {
        return (record.info() & STANDBY_MASK) == 0
                ? Optional.of(new RelationEvents(record).message())
                : Optional.empty();
    }

    private WalEvent message() {
        long database = body.u32();
        boolean isTransactional = body.u8() != 0;
        long prefixBytes = body.moveTo(8).i64();
        long contentBytes = body.i64();
        if (prefixBytes < 1 || contentBytes < 0) {
            throw body.malformed("its sizes are " + prefixBytes + " and " + contentBytes);
        }
        String prefix = body.text((int) Math.min(prefixBytes, MAX_PREFIX_BYTES));
        return new WalEvent.LogicalMessage(start, end, record.xid(), database, isTransactional, prefix, contentBytes);
    }
}

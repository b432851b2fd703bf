package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads records of the resource manager Transaction: {@code xact.h}, {@code ParseCommitRecord}, {@code twophase.c}. */
final class TransactionEvents {
    static final int MASK = 0x70;
    static final int COMMIT = 0x00;
    static final int PREPARE = 0x10;
    static final int ABORT = 0x20;
    static final int COMMIT_PREPARED = 0x30;
    static final int ABORT_PREPARED = 0x40;
    static final int ASSIGNMENT = 0x50;
    static final int INVALIDATIONS = 0x60;

    private static final int HAS_INFO_WORD = 0x80;
    private static final int HAS_DATABASE = 0x01;
    private static final int HAS_SUBTRANSACTIONS = 0x02;
    private static final int HAS_FILES = 0x04;
    private static final int HAS_INVALIDATIONS = 0x08;
    private static final int HAS_TWO_PHASE = 0x10;
    private static final int HAS_GLOBAL_IDENTIFIER = 0x80;
    private static final int HAS_ITEMS = 0x100;

    private TransactionEvents() {}

    static Optional<WalEvent> read(WalRecord record) {
        int operation = record.info() & MASK;
        return switch (operation) {
            case COMMIT -> Optional.of(stop(record, StopRecord.Kind.COMMIT));
            case ABORT -> Optional.of(stop(record, StopRecord.Kind.ABORT));
            case COMMIT_PREPARED -> Optional.of(stop(record, StopRecord.Kind.COMMIT_PREPARED));
            case ABORT_PREPARED -> Optional.of(stop(record, StopRecord.Kind.ABORT_PREPARED));
            case PREPARE -> Optional.of(prepared(record));
            case ASSIGNMENT -> Optional.of(assignment(record));
            case INVALIDATIONS -> Optional.of(invalidations(record));
            default -> Optional.empty();
        };
    }

    private static StopRecord stop(WalRecord record, StopRecord.Kind kind) {
        RecordBody body = new RecordBody(record);
        Instant time = body.time();
        int flags = (record.info() & HAS_INFO_WORD) != 0 ? body.i32() : 0;
        OptionalLong database = OptionalLong.empty();
        if ((flags & HAS_DATABASE) != 0) {
            database = OptionalLong.of(body.u32());
            body.skip(Integer.BYTES);
        }
        List<Long> subtransactions = (flags & HAS_SUBTRANSACTIONS) != 0 ? body.numbers(body.i32()) : List.of();
        List<RelationFile> files = (flags & HAS_FILES) != 0 ? body.files(body.i32()) : List.of();
        boolean hasItems = (flags & HAS_ITEMS) != 0 && record.version().isAtLeast(PostgresVersion.V15);
        List<DroppedItem> items = hasItems ? items(body, body.i32(), record.version()) : List.of();
        boolean hasInvalidations = kind.isCommit() && (flags & HAS_INVALIDATIONS) != 0;
        List<RelationId> invalidated = hasInvalidations ? body.invalidations(body.i32()) : List.of();
        long xid = record.xid();
        String identifier = "";
        if ((flags & HAS_TWO_PHASE) != 0) {
            xid = body.u32();
            identifier = (flags & HAS_GLOBAL_IDENTIFIER) != 0 ? body.text() : "";
        } else if (kind.isPrepared()) {
            throw body.malformed("it lacks the transaction that was prepared");
        }
        return new StopRecord(
                new Lsn(record.startLsn()),
                new Lsn(record.endLsn()),
                kind,
                xid,
                time,
                database,
                subtransactions,
                files,
                items,
                invalidated,
                identifier,
                flags);
    }

    private static List<DroppedItem> items(RecordBody body, int count, PostgresVersion version) {
        boolean isWide = version.isAtLeast(PostgresVersion.V18);
        body.requireItems(count, isWide ? 16 : 12);
        List<DroppedItem> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new DroppedItem(
                    body.i32(), body.u32(), isWide ? body.u32() | body.u32() << Integer.SIZE : body.u32()));
        }
        return items;
    }

    private static Prepared prepared(WalRecord record) {
        boolean hasItems = record.version().isAtLeast(PostgresVersion.V15);
        RecordBody body = new RecordBody(record).moveTo(8);
        long xid = body.u32();
        long database = body.u32();
        Instant time = body.time();
        body.skip(Integer.BYTES);
        int subtransactions = body.i32();
        int commitFiles = body.i32();
        int abortFiles = body.i32();
        int commitItems = hasItems ? body.i32() : 0;
        int abortItems = hasItems ? body.i32() : 0;
        int invalidations = body.i32();
        body.skip(2);
        int identifierBytes = body.u16();
        body.moveTo(hasItems ? 72 : 64);
        String identifier = body.text(identifierBytes);
        body.align();
        List<Long> subtransactionXids = body.numbers(subtransactions);
        body.align();
        List<RelationFile> droppedAtCommit = body.files(commitFiles);
        body.align();
        List<RelationFile> droppedAtAbort = body.files(abortFiles);
        body.align();
        List<DroppedItem> itemsAtCommit = items(body, commitItems, record.version());
        body.align();
        items(body, abortItems, record.version());
        body.align();
        return new Prepared(
                new Lsn(record.startLsn()),
                new Lsn(record.endLsn()),
                xid,
                time,
                database,
                identifier,
                subtransactionXids,
                droppedAtCommit,
                droppedAtAbort,
                itemsAtCommit,
                body.invalidations(invalidations));
    }

    private static WalEvent assignment(WalRecord record) {
        RecordBody body = new RecordBody(record);
        return new WalEvent.SubtransactionsAssigned(
                new Lsn(record.startLsn()), new Lsn(record.endLsn()), body.u32(), body.numbers(body.i32()));
    }

    private static WalEvent invalidations(WalRecord record) {
        RecordBody body = new RecordBody(record);
        return new WalEvent.RelationsInvalidated(
                new Lsn(record.startLsn()), new Lsn(record.endLsn()), record.xid(), body.invalidations(body.i32()));
    }
}

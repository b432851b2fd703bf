package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * The end of a transaction: the only kind of record at which a recovery target of a time or a transaction can stop
 * ({@code recoveryStopsBefore} in PostgreSQL's {@code xlogrecovery.c}).
 *
 * @param start the record's first byte
 * @param end where the record ends, the server's {@code EndRecPtr}
 * @param kind how the transaction ended
 * @param xid the transaction that ended, the prepared one's for the prepared forms; for an abort it may be a
 *     subtransaction's
 * @param time when, by the server's clock, to the microsecond; the order of records is not the order of times
 * @param database the OID of the database where it ran, if the record tells; at {@code wal_level = replica} only
 *     transactions that invalidate caches tell
 * @param subtransactions the committed (or, in an abort, aborted) subtransactions
 * @param droppedFiles the relation files that this record removes: dropped by a commit, created by an aborted transaction
 * @param droppedItems the objects whose statistics this record drops, from version 15 on
 * @param invalidatedRelations the relations whose cache entries were invalidated, by OID, without repetition
 * @param globalIdentifier the name given to {@code PREPARE TRANSACTION}; empty if none or not told, as it is at
 *     {@code wal_level = replica}
 * @param flags the record's {@code xinfo} word, 0 if it has none
 */
public record StopRecord(
        Lsn start,
        Lsn end,
        Kind kind,
        long xid,
        Instant time,
        OptionalLong database,
        List<Long> subtransactions,
        List<RelationFile> droppedFiles,
        List<DroppedItem> droppedItems,
        List<RelationId> invalidatedRelations,
        String globalIdentifier,
        int flags)
        implements WalEvent {
    private static final int TOOK_EXCLUSIVE_LOCKS = 0x40;

    /** How a transaction ended. */
    public enum Kind {
        /** {@code COMMIT}. */
        COMMIT,
        /** {@code ROLLBACK}, of a transaction or a subtransaction. */
        ABORT,
        /** {@code COMMIT PREPARED}. */
        COMMIT_PREPARED,
        /** {@code ROLLBACK PREPARED}. */
        ABORT_PREPARED;

        /**
         * Tells whether the transaction's changes last.
         *
         * @return true for both forms of commit
         */
        public boolean isCommit() {
            return this == COMMIT || this == COMMIT_PREPARED;
        }

        /**
         * Tells whether the transaction had been prepared.
         *
         * @return true for both prepared forms
         */
        public boolean isPrepared() {
            return this == COMMIT_PREPARED || this == ABORT_PREPARED;
        }
    }

    /** Copies the lists. */
    public StopRecord {
        subtransactions = List.copyOf(subtransactions);
        droppedFiles = List.copyOf(droppedFiles);
        droppedItems = List.copyOf(droppedItems);
        invalidatedRelations = List.copyOf(invalidatedRelations);
    }

    /**
     * Tells whether the transaction held an {@code ACCESS EXCLUSIVE} lock, as {@code DROP} and {@code TRUNCATE} do.
     *
     * @return true if the record says so
     */
    public boolean tookExclusiveLocks() {
        return (flags & TOOK_EXCLUSIVE_LOCKS) != 0;
    }

    @Override
    public <R> R accept(WalEventVisitor<R> visitor) {
        return visitor.stop(this);
    }
}

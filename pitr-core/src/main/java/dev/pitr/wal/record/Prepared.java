package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.time.Instant;
import java.util.List;

/**
 * {@code PREPARE TRANSACTION}: the transaction has ended its work and waits for its verdict, a {@link StopRecord} of a
 * prepared form. Recovery never stops at it.
 *
 * @param start the record's first byte
 * @param end where the record ends
 * @param xid the prepared transaction
 * @param time when, by the server's clock, to the microsecond
 * @param database the OID of the database where it ran
 * @param globalIdentifier the name given to it
 * @param subtransactions its subtransactions
 * @param droppedAtCommit the relation files that its commit will remove
 * @param droppedAtAbort the relation files that its abort will remove
 * @param itemsDroppedAtCommit the objects whose statistics its commit will drop, from version 15 on
 * @param invalidatedRelations the relations whose cache entries its commit will invalidate, by OID, without repetition
 */
public record Prepared(
        Lsn start,
        Lsn end,
        long xid,
        Instant time,
        long database,
        String globalIdentifier,
        List<Long> subtransactions,
        List<RelationFile> droppedAtCommit,
        List<RelationFile> droppedAtAbort,
        List<DroppedItem> itemsDroppedAtCommit,
        List<RelationId> invalidatedRelations)
        implements WalEvent {
    /** Copies the lists. */
    public Prepared {
        subtransactions = List.copyOf(subtransactions);
        droppedAtCommit = List.copyOf(droppedAtCommit);
        droppedAtAbort = List.copyOf(droppedAtAbort);
        itemsDroppedAtCommit = List.copyOf(itemsDroppedAtCommit);
        invalidatedRelations = List.copyOf(invalidatedRelations);
    }

    @Override
    public <R> R accept(WalEventVisitor<R> visitor) {
        return visitor.prepared(this);
    }
}

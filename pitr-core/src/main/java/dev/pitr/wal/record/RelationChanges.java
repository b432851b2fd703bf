package dev.pitr.wal.record;

/**
 * The rows of one relation that one transaction changed in a stretch of WAL.
 *
 * @param xid the transaction, perhaps a subtransaction, as in the records' own header
 * @param relation the relation's files
 * @param rows how many rows
 */
public record RelationChanges(long xid, RelationFile relation, RowCounts rows) {}

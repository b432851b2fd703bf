package dev.pitr.wal.record;

/** What a record does to rows of the relation of its first block reference. */
public enum RowOperation {
    /** Nothing that counts as a change of rows. */
    NONE,
    /** Adds rows: {@code INSERT}, {@code COPY}. */
    INSERT,
    /** Changes a row. */
    UPDATE,
    /** Removes a row. */
    DELETE,
    /** Takes back a row added by {@code INSERT ... ON CONFLICT} that lost a race: one insert less. */
    UNDO_INSERT,
    /** Removes a row from one partition; an insert into another follows. */
    MOVE
}

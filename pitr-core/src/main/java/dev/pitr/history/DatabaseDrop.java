package dev.pitr.history;

import dev.pitr.wal.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * The steps of {@code DROP DATABASE} ({@code dropdb} in PostgreSQL's {@code dbcommands.c}): the row of pg_database is marked
 * invalid in place, outside the transaction; then it is deleted; then the files go; then the transaction commits.
 *
 * @param database its OID, 0 if the removal of its files was not read
 * @param row the row of pg_database; null if its deletion was not read
 * @param at the deletion of the row, else the removal of the files
 * @param markedAt where the row was marked invalid; null if that was not read, as of servers before August 2023
 */
record DatabaseDrop(
        long database, @Nullable Row row, Lsn at, @Nullable Lsn markedAt) {
    /**
     * A place in pg_database.
     *
     * @param block the block
     * @param offset the line in it
     */
    record Row(long block, int offset) {}

    DatabaseDrop of(long dropped) {
        return new DatabaseDrop(dropped, row, at, markedAt);
    }

    DatabaseDrop markedAt(Lsn lsn) {
        return markedAt == null ? new DatabaseDrop(database, row, at, lsn) : this;
    }

    DatabaseDrop withOlder(DatabaseDrop older) {
        return new DatabaseDrop(
                database == 0 ? older.database : database,
                older.row == null ? row : older.row,
                older.at,
                older.markedAt == null ? markedAt : older.markedAt);
    }

    /** The last position at which the database is whole. */
    Lsn lastWhole() {
        return markedAt == null ? at : markedAt;
    }
}

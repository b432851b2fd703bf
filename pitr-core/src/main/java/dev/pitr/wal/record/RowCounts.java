package dev.pitr.wal.record;

/**
 * Changed rows. Rows of catalogs and of TOAST tables count too, where nothing else is said.
 *
 * @param inserted rows inserted
 * @param updated rows updated
 * @param deleted rows deleted
 */
public record RowCounts(long inserted, long updated, long deleted) {
    /** No row. */
    public static final RowCounts NONE = new RowCounts(0, 0, 0);

    /**
     * Adds up.
     *
     * @param other other rows
     * @return the rows of both
     */
    public RowCounts plus(RowCounts other) {
        return new RowCounts(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
    }

    /**
     * Returns how many rows there are in all.
     *
     * @return the sum
     */
    public long total() {
        return inserted + updated + deleted;
    }
}

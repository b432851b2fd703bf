package dev.pitr.wal.record;

/**
 * The files of one relation, as WAL names them: {@code RelFileLocator} in PostgreSQL's {@code relfilelocator.h}.
 *
 * <p>Numbers are OIDs and the like, unsigned 32 bits. The file number is not the relation's OID once the relation was
 * rewritten or truncated.
 *
 * @param tablespace the tablespace's OID; 1663 is {@code pg_default}, 1664 {@code pg_global}
 * @param database the database's OID, 0 for relations shared by all databases
 * @param number the file's number, {@code pg_class.relfilenode}
 */
public record RelationFile(long tablespace, long database, long number) {
    /**
     * The least number that relations of users get; those below belong to catalogs that were not rewritten. The server's
     * {@code FirstNormalObjectId}.
     */
    public static final long FIRST_USER_NUMBER = 16384;

    /**
     * Tells whether the number shows it to be a system catalog's.
     *
     * @return false for users' relations, and for catalogs rewritten by {@code VACUUM FULL}
     */
    public boolean isCatalog() {
        return number < FIRST_USER_NUMBER;
    }

    @Override
    public String toString() {
        return tablespace + "/" + database + "/" + number;
    }
}

package dev.pitr.wal.record;

/**
 * A relation by its OID in {@code pg_class}, which it keeps when its files are replaced.
 *
 * @param database the database's OID, 0 for relations shared by all databases
 * @param oid the relation's OID
 */
public record RelationId(long database, long oid) {
    @Override
    public String toString() {
        return database + "/" + oid;
    }
}

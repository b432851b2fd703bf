package dev.pitr.wal.record;

/**
 * An object whose statistics a transaction dropped (versions 15 and newer): {@code xl_xact_stats_item} in PostgreSQL's
 * {@code xact.h}.
 *
 * @param kind the server's {@code PgStat_Kind}: 1 a database, 2 a relation, 3 a function, 4 a replication slot, 5 a
 *     subscription
 * @param database the database's OID, 0 if shared
 * @param object the object's OID; 64 bits in version 18
 */
public record DroppedItem(int kind, long database, long object) {
    /** The kind of relations. */
    public static final int RELATION = 2;
}

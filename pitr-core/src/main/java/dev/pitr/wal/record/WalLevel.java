package dev.pitr.wal.record;

/** The server's {@code wal_level}. In the server's order, which is also the order of what the WAL tells. */
public enum WalLevel {
    /** Enough for crash recovery only: a backup can't be recovered across WAL of this level. */
    MINIMAL,
    /** Enough for point-in-time recovery. */
    REPLICA,
    /** Replica, and what logical decoding needs. */
    LOGICAL
}

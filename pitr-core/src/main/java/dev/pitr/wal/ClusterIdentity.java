package dev.pitr.wal;

/**
 * What makes WAL and backups belong together: fixed by {@code initdb} or {@code pg_upgrade}.
 *
 * @param systemIdentifier the cluster's system identifier, to be read as unsigned
 * @param version the major version
 * @param segmentSize the WAL segment size
 */
public record ClusterIdentity(long systemIdentifier, PostgresVersion version, WalSegmentSize segmentSize) {
    @Override
    public String toString() {
        return "PostgreSQL " + version + " cluster " + Long.toUnsignedString(systemIdentifier);
    }
}

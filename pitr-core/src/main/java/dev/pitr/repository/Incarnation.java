package dev.pitr.repository;

import dev.pitr.catalog.Catalogue;
import dev.pitr.wal.ClusterIdentity;

/** One cluster's part of a repository. Thread-safe. */
public final class Incarnation {
    private Incarnation() {}

    /** Whose it is. */
    public ClusterIdentity identity() {
        throw new UnsupportedOperationException();
    }

    /** Archived WAL files. */
    public WalStore wal() {
        throw new UnsupportedOperationException();
    }

    /** Base backups. */
    public BackupStore backups() {
        throw new UnsupportedOperationException();
    }

    /** Reads what exists now: backups, WAL coverage by listing, histories. */
    public Catalogue catalogue() {
        throw new UnsupportedOperationException();
    }
}

package dev.pitr.repository;

import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import java.util.List;

/** Everything stored for one service under one prefix. Thread-safe. */
public final class Repository {
    private Repository() {}

    /** A repository for the service {@code name} (one key component). Nothing is read yet. */
    public static Repository at(ObjectStorage storage, String name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens the repository for its first cluster; a no-op if it is open for this very identity already. Throws
     * RepositoryException (repository.other-cluster) if it is bound to another cluster: a new incarnation must be
     * asked for by {@link #addIncarnation}. Refuses storage without create-if-absent (repository.unsafe-storage).
     */
    public Incarnation init(ClusterIdentity identity) {
        throw new UnsupportedOperationException();
    }

    /** Adds an incarnation after initdb or pg_upgrade and makes it the current one. */
    public Incarnation addIncarnation(ClusterIdentity identity) {
        throw new UnsupportedOperationException();
    }

    /** All incarnations, oldest first. */
    public List<Incarnation> incarnations() {
        throw new UnsupportedOperationException();
    }

    /** The newest incarnation. Throws RepositoryException repository.not-initialized if there is none. */
    public Incarnation current() {
        throw new UnsupportedOperationException();
    }

    /**
     * The incarnation of exactly this cluster. Throws repository.not-initialized, or repository.other-cluster naming
     * the clusters that are open here.
     */
    public Incarnation incarnation(ClusterIdentity identity) {
        throw new UnsupportedOperationException();
    }
}

package dev.pitr.repository;

import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything stored for one service under one prefix of a storage. Thread-safe; the storage stays its owner's to close.
 *
 * <p>A repository must be opened by {@link #init} for the cluster that it shall hold; after {@code initdb} or
 * {@code pg_upgrade}, {@link #addIncarnation} opens it for the new one. Nothing else creates it, so that a misdirected
 * push is refused.
 */
public final class Repository {
    private final RepositorySettings settings;
    private final ObjectKey root;
    private final Ordinals ordinals;

    Repository(RepositorySettings settings, ObjectKey root) {
        this.settings = settings;
        this.root = root;
        this.ordinals = new Ordinals(settings, root);
    }

    /**
     * Returns the handle of a repository with the default settings. Nothing is read or written yet.
     *
     * @param storage where it lies
     * @param name the service's name, one component of a key
     * @return the repository
     * @throws IllegalArgumentException if the name is no component of a key
     */
    public static Repository at(ObjectStorage storage, String name) {
        return builder(storage, name).build();
    }

    /**
     * Starts a repository's handle.
     *
     * @param storage where it lies
     * @param name the service's name, one component of a key
     * @return a builder
     */
    public static RepositoryBuilder builder(ObjectStorage storage, String name) {
        return new RepositoryBuilder(storage, name);
    }

    /**
     * Returns the service's name.
     *
     * @return the first component of all keys
     */
    public String name() {
        return root.value();
    }

    /**
     * Opens the repository for its first cluster; does nothing if it is open for this very cluster already. Of racing
     * calls for different clusters exactly one succeeds. Repeating it completes a call that was interrupted.
     *
     * @param identity the cluster
     * @return its incarnation
     * @throws RepositoryException repository.other-cluster if it is open for another one: a new incarnation must be
     *     asked for by {@link #addIncarnation}; repository.unsafe-storage if the storage doesn't enforce
     *     create-if-absent and that wasn't allowed
     */
    public Incarnation init(ClusterIdentity identity) {
        settings.requireSafeStorage("open " + where());
        List<ClusterIdentity> open = ordinals.appendFirst(identity);
        if (!open.contains(identity)) {
            throw otherCluster("open", identity, open);
        }
        return ClusterRecord.create(settings, root, identity);
    }

    /**
     * Opens the repository for a further cluster, after {@code initdb} or {@code pg_upgrade}, and makes it the current
     * one; does nothing if it is current already. Racing calls all succeed, in one order that everybody sees.
     *
     * @param identity the cluster; one that was current before becomes so again
     * @return its incarnation
     * @throws RepositoryException repository.not-initialized if the repository was never opened;
     *     repository.other-cluster if the same cluster is open with another segment size; repository.unsafe-storage as
     *     {@link #init}
     */
    public Incarnation addIncarnation(ClusterIdentity identity) {
        settings.requireSafeStorage("open " + where());
        List<ClusterIdentity> open = ordinals.read();
        if (open.isEmpty()) {
            throw notInitialized();
        }
        ObjectKey folder = RepositoryLayout.incarnation(root, identity);
        for (ClusterIdentity present : open) {
            if (RepositoryLayout.incarnation(root, present).equals(folder) && !present.equals(identity)) {
                throw otherCluster("add an incarnation to", identity, open);
            }
        }
        ordinals.append(identity);
        return ClusterRecord.create(settings, root, identity);
    }

    /**
     * Returns all incarnations.
     *
     * @return in the order in which they were opened, the current one last; without those whose opening was
     *     interrupted; empty if the repository was never opened
     */
    public List<Incarnation> incarnations() {
        return ordinals.read().stream().flatMap(this::open).toList();
    }

    /**
     * Returns the current incarnation: the one opened last.
     *
     * @return the incarnation
     * @throws RepositoryException repository.not-initialized if there is none
     */
    public Incarnation current() {
        List<ClusterIdentity> newestFirst = new ArrayList<>(ordinals.read());
        Collections.reverse(newestFirst);
        return newestFirst.stream().flatMap(this::open).findFirst().orElseThrow(this::notInitialized);
    }

    /**
     * Returns the incarnation of exactly this cluster, by one read.
     *
     * @param identity the cluster
     * @return the incarnation
     * @throws RepositoryException repository.not-initialized if the repository was never opened;
     *     repository.other-cluster if it is open, but not for this cluster
     */
    public Incarnation incarnation(ClusterIdentity identity) {
        return ClusterRecord.find(settings, root, identity).orElseThrow(() -> {
            List<ClusterIdentity> open = ordinals.read();
            return open.isEmpty() ? notInitialized() : otherCluster("use", identity, open);
        });
    }

    private Stream<Incarnation> open(ClusterIdentity identity) {
        return ClusterRecord.find(settings, root, identity).stream();
    }

    private RepositoryException notInitialized() {
        return new RepositoryException(
                "repository.not-initialized",
                "Cannot use " + where() + ": it was never opened, or its opening was interrupted. Check the name, then"
                        + " run init for the cluster that it shall hold.",
                null);
    }

    private RepositoryException otherCluster(String verb, ClusterIdentity wanted, List<ClusterIdentity> open) {
        return new RepositoryException(
                "repository.other-cluster",
                "Cannot " + verb + " " + where() + " for " + describe(wanted) + ": it is open for "
                        + open.stream().map(Repository::describe).collect(Collectors.joining(" and "))
                        + ". Check the repository's name; after initdb or pg_upgrade, add an incarnation explicitly.",
                null);
    }

    private static String describe(ClusterIdentity identity) {
        return identity + " with segments of " + (identity.segmentSize().bytes() >> 20) + " MiB";
    }

    private String where() {
        return "repository " + root + " in " + settings.storage().description();
    }

    @Override
    public String toString() {
        return where();
    }
}

package dev.pitr;

import dev.pitr.archive.ArchiveCheck;
import dev.pitr.archive.WalArchiver;
import dev.pitr.archive.WalFetcher;
import dev.pitr.archive.WalSource;
import dev.pitr.backup.BaseBackup;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.catalog.Catalogue;
import dev.pitr.history.BackupNames;
import dev.pitr.history.History;
import dev.pitr.history.HistoryBuilder;
import dev.pitr.history.RelationNames;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RecoveryWindowCalculator;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.repository.StoredWalIndex;
import dev.pitr.restore.RestoreExecutor;
import dev.pitr.restore.RestoreExecutorBuilder;
import dev.pitr.storage.ObjectStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * One handle for one repository: a method for each job, most of which hand out that job's builder.
 *
 * <p>Thread-safe. Nothing is written before a job runs, but some builders begin by reading which cluster is the current
 * one. The storage stays the caller's: it must be open while jobs run, and the caller closes it.
 *
 * <pre>{@code
 * Pitr pitr = Pitr.at(FileSystemStorage.at(Path.of("/backups")), "orders");
 * pitr.backup(jdbcUrl, credentials).build().run();
 * RestorePlan plan = pitr.plan(RecoveryTarget.time(Instant.parse("2026-11-20T14:46:00Z"))).build();
 * System.out.println(plan.describe());
 * pitr.restore(plan, Path.of("/restored")).build().execute();
 * }</pre>
 *
 * <p>The restored server gets its WAL from this process until the result of {@code execute()} is closed; a process that
 * won't live that long asks the builder for another {@link dev.pitr.restore.WalDelivery}.
 *
 * <p>Every method that looks at the current incarnation throws {@link dev.pitr.repository.RepositoryException} with code
 * {@code repository.not-initialized} before {@link #init} was done.
 */
public final class Pitr {
    private final Repository repository;

    private Pitr(Repository repository) {
        this.repository = repository;
    }

    /**
     * Returns the handle for one service.
     *
     * @param storage where its repository lies
     * @param service the service's name there, of {@code [A-Za-z0-9._-]}
     * @return the handle; nothing is read yet
     */
    public static Pitr at(ObjectStorage storage, String service) {
        return new Pitr(Repository.at(storage, service));
    }

    /**
     * Returns the handle for a repository that was built with options of its own.
     *
     * @param repository the repository
     * @return the handle
     */
    public static Pitr of(Repository repository) {
        return new Pitr(repository);
    }

    /**
     * Opens the repository for a running server's cluster: an explicit job, done once. Does nothing if it is open for
     * this very cluster already.
     *
     * @param jdbcUrl the server; the role needs REPLICATION
     * @param credentials the driver's properties, such as {@code user} and {@code password}
     * @return the cluster's part of the repository
     * @throws dev.pitr.repository.RepositoryException if the repository belongs to another cluster; after
     *     {@code pg_upgrade} or {@code initdb} say so by {@link #initNewIncarnation}
     */
    public Incarnation init(String jdbcUrl, Properties credentials) {
        try (ReplicationConnection server = ReplicationConnection.open(jdbcUrl, credentials)) {
            return repository.init(server.identity());
        }
    }

    /**
     * Opens a new incarnation for a running server's cluster, after {@code pg_upgrade} or {@code initdb}. What earlier
     * incarnations hold stays.
     *
     * @param jdbcUrl the server; the role needs REPLICATION
     * @param credentials the driver's properties
     * @return the cluster's part of the repository, from now on the current one
     */
    public Incarnation initNewIncarnation(String jdbcUrl, Properties credentials) {
        try (ReplicationConnection server = ReplicationConnection.open(jdbcUrl, credentials)) {
            return repository.addIncarnation(server.identity());
        }
    }

    /**
     * Returns the repository, for what this handle has no method for.
     *
     * @return the repository
     */
    public Repository repository() {
        return repository;
    }

    /**
     * Reads what the current incarnation holds.
     *
     * @return backups, WAL and timelines as they are now
     */
    public Catalogue catalogue() {
        return repository.current().catalogue();
    }

    /**
     * Describes an archiver of WAL files into the current incarnation.
     *
     * @return a builder
     */
    public WalArchiver.Builder archiver() {
        return WalArchiver.builder(repository.current());
    }

    /**
     * Returns a fetcher of WAL files from the current incarnation.
     *
     * @return the fetcher
     */
    public WalFetcher fetcher() {
        return WalFetcher.from(WalSource.of(repository.current().wal()));
    }

    /**
     * Proves that a server's WAL arrives in the repository, see {@link ArchiveCheck}.
     *
     * @param jdbcUrl the primary
     * @param credentials the driver's properties
     * @param patience how long to wait for a segment
     * @return what was found
     */
    public ArchiveCheck.Result check(String jdbcUrl, Properties credentials, Duration patience) {
        try (ReplicationConnection server = ReplicationConnection.open(jdbcUrl, credentials)) {
            return ArchiveCheck.run(repository, server, patience);
        }
    }

    /**
     * Describes a full base backup of a running server, primary or standby.
     *
     * @param jdbcUrl the server; the role needs REPLICATION
     * @param credentials the driver's properties
     * @return a builder
     */
    public BaseBackupBuilder backup(String jdbcUrl, Properties credentials) {
        return BaseBackup.builder(repository).server(jdbcUrl, credentials);
    }

    /**
     * Tells which moments can be recovered from what the current incarnation holds now. Which segments exist is taken from
     * the index of the WAL, as far as it has complete pages; a {@linkplain #plan plan} lists what it needs.
     *
     * @return a calculator: {@code pitr.window().windows().describe()}
     */
    public RecoveryWindowCalculator window() {
        Incarnation current = repository.current();
        StoredWalIndex index = current.index();
        return RecoveryWindowCalculator.of(current.catalogue(index), index);
    }

    /**
     * Describes the plan of a restore from what the current incarnation holds now. It looks into the WAL, so that the plan
     * proves where recovery ends.
     *
     * @param target where recovery shall stop
     * @return a builder
     */
    public RestorePlanBuilder plan(RecoveryTarget target) {
        Incarnation current = repository.current();
        return RestorePlan.from(current.catalogue()).index(current.index()).target(target);
    }

    /**
     * Describes a search through what happened to the cluster: transactions, drops, truncates, restore points, each with
     * the target just before it.
     *
     * @return a builder, for what is archived in the current incarnation now
     */
    public HistoryBuilder history() {
        Incarnation current = repository.current();
        return History.of(current.catalogue(), current.index());
    }

    /**
     * Returns names of relations and databases from the newest backups' catalogs, for {@link HistoryBuilder#names}. They
     * know what was dropped since, which {@link dev.pitr.history.ServerNames} don't.
     *
     * @return the names, read from the backups when one is asked for first
     */
    public RelationNames namesOfBackups() {
        Incarnation current = repository.current();
        return BackupNames.ofNewest(current.backups(), current.catalogue().backups());
    }

    /**
     * Describes the carrying out of a plan.
     *
     * @param plan a plan made from this repository
     * @param dataDirectory the new data directory, absent or empty
     * @return a builder
     */
    public RestoreExecutorBuilder restore(RestorePlan plan, Path dataDirectory) {
        return RestoreExecutor.builder(plan, repository.incarnation(plan.identity()), dataDirectory);
    }

    @Override
    public String toString() {
        return repository.toString();
    }
}

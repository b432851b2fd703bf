package dev.pitr.backup;

import dev.pitr.catalog.Backup;
import dev.pitr.error.CancelledException;
import dev.pitr.postgres.BackupManifest;
import dev.pitr.postgres.BaseBackupEnd;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.postgres.ServerException;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Incarnation;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a {@link BaseBackup}, on the caller's thread. */
final class BackupRun {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRun.class);

    private final BackupOptions options;
    private final BackupProgress progress;

    BackupRun(BackupOptions options) {
        this.options = options;
        this.progress = new BackupProgress(options.progress());
    }

    BaseBackupResult run() {
        try (ReplicationConnection connection = ReplicationConnection.open(options.jdbcUrl(), options.properties())) {
            ClusterIdentity identity = connection.identity();
            Incarnation incarnation = options.repository().incarnation(identity);
            ServerFacts facts = ServerFacts.read(connection);
            // Before anything else, so that a conflict is found before gigabytes are sent.
            new TimelineHistories(connection, incarnation)
                    .compare(connection.walPosition().timeline());
            BackupStore store = incarnation.backups();
            String id = options.id().orElseGet(store::newId);
            Lease lease = new Lease(store, id, owner(), options.lease());
            return runUnder(lease, connection, incarnation, facts);
        }
    }

    private BaseBackupResult runUnder(
            Lease lease, ReplicationConnection connection, Incarnation incarnation, ServerFacts facts) {
        String id = lease.started().id();
        Backup backup;
        RequiredWal wal;
        try {
            backup = stream(lease, connection, incarnation, facts);
            connection.close();
            wal = checkContent(incarnation, backup);
            incarnation.backups().complete(backup);
        } catch (InterruptedException e) {
            CancelledException cancelled = new CancelledException("Backup " + id);
            cleanUp(incarnation.backups(), lease, cancelled);
            Thread.currentThread().interrupt();
            throw cancelled;
        } catch (RuntimeException | Error e) {
            cleanUp(incarnation.backups(), lease, e);
            throw e;
        }
        LOG.info("Completed backup {}", id);
        return awaitWal(incarnation, backup, wal);
    }

    private Backup stream(Lease lease, ReplicationConnection connection, Incarnation incarnation, ServerFacts facts)
            throws InterruptedException {
        ThreadFactory threads = Threads.named(lease.started().id());
        CompletableFuture<Backup> outcome = new CompletableFuture<>();
        ExecutorService reading = Executors.newSingleThreadExecutor(threads);
        try (BackupStream stream = new BackupStream(
                options, incarnation.backups(), lease, threads, progress, outcome::completeExceptionally)) {
            try {
                reading.execute(() -> complete(outcome, connection, incarnation, facts, lease, stream));
                return lease.await(outcome);
            } catch (ExecutionException e) {
                throw asThrown(e.getCause());
            } finally {
                // Interrupts the reader, if it still reads: the connection then tells the server to cancel.
                reading.shutdownNow();
                Threads.awaitEnd(reading);
            }
        }
    }

    private static RuntimeException asThrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    /** The reading thread's work. */
    private void complete(
            CompletableFuture<Backup> outcome,
            ReplicationConnection connection,
            Incarnation incarnation,
            ServerFacts facts,
            Lease lease,
            BackupStream stream) {
        try {
            progress.begin("waiting for a checkpoint", OptionalLong.empty());
            BaseBackupEnd end = connection.baseBackup(options.asked(), stream);
            Instant finishedAt = ServerFacts.timeAfterBackup(connection);
            // A standby can have followed its upstream to a new timeline meanwhile.
            new TimelineHistories(connection, incarnation).archive(end.timeline());
            progress.begin("finishing uploads", OptionalLong.empty());
            stream.finish();
            progress.end();
            outcome.complete(BackupRecording.record(
                    lease.started().id(), incarnation.identity(), options, facts, stream, end, finishedAt));
        } catch (ServerException e) {
            outcome.completeExceptionally(
                    e.code().equals("postgres.page-checksum") ? new ChecksumFailureException(e.warnings(), e) : e);
        } catch (RuntimeException | Error e) {
            outcome.completeExceptionally(e);
        }
    }

    /** What the backup says of itself must fit what is stored; returns the WAL that it needs from the archive. */
    private RequiredWal checkContent(Incarnation incarnation, Backup backup) {
        BackupManifest manifest = BackupRecording.checkManifest(incarnation.backups(), backup);
        RequiredWal wal =
                RequiredWal.of(manifest.walRanges(), incarnation.identity().segmentSize());
        if (options.asked().includesWal()) {
            BackupRecording.checkCarried(backup, wal);
            return wal.historyAlone();
        }
        return wal;
    }

    /** The backup exists by now: whoever ends the waiting loses the answer, not the backup. */
    private BaseBackupResult awaitWal(Incarnation incarnation, Backup backup, RequiredWal wal) {
        if (wal.files().isEmpty()) {
            return new BaseBackupResult(backup, List.of(), List.of());
        }
        progress.begin("waiting for WAL", OptionalLong.empty());
        try {
            List<WalFileName> missing = wal.awaitStored(incarnation.wal(), options.waitForWal());
            progress.end();
            return new BaseBackupResult(backup, wal.files(), missing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("Waiting for the WAL of the completed backup " + backup.id());
        }
    }

    /** Removes what was written, unless it can't be known what was: then it is left to be found and removed later. */
    private static void cleanUp(BackupStore store, Lease lease, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownOutcomeException) {
                LOG.warn(
                        "Backup {} failed with an unknown outcome and is not cleaned up",
                        lease.started().id());
                return;
            }
        }
        // Storage refuses to work for an interrupted thread.
        boolean interrupted = Thread.interrupted();
        try {
            store.discard(lease.started());
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String owner() {
        return "process " + ProcessHandle.current().pid() + " on " + hostName();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without a name";
        }
    }
}

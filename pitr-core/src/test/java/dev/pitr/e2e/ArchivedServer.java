package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.archive.ArchiveReport;
import dev.pitr.archive.ReadyFiles;
import dev.pitr.archive.WalArchiver;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A running server whose WAL this process archives into a repository, as an embedding service does. Owns the server. */
final class ArchivedServer implements AutoCloseable {
    /** The server collects finished files and leaves them to us. */
    static final Map<String, String> SETTINGS = Map.of("archive_mode", "on", "archive_command", "");

    private final PostgresServer server;
    private final Pitr pitr;
    private final ExecutorService compressors = Executors.newFixedThreadPool(2);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final WalArchiver archiver;
    private final ScheduledFuture<?> archiving;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private ArchivedServer(PostgresServer server, Pitr pitr) {
        this.server = server;
        this.pitr = pitr;
        this.archiver = pitr.archiver()
                .readyFiles(ReadyFiles.RENAME_TO_DONE)
                .parallel(compressors, 2)
                .build();
        this.archiving = timer.scheduleWithFixedDelay(this::archive, 0, 50, TimeUnit.MILLISECONDS);
    }

    /** Opens the repository for the server, if it isn't yet, and archives from now on. */
    static ArchivedServer of(PostgresServer server, Pitr pitr) {
        pitr.init(server.jdbcUrl(), server.superuser());
        return new ArchivedServer(server, pitr);
    }

    private void archive() {
        try {
            ArchiveReport report = archiver.archiveReady(server.dataDirectory().resolve("pg_wal"));
            if (!report.isComplete()) {
                failure.set(new AssertionError(report.toString()));
            }
        } catch (RuntimeException | Error e) {
            failure.set(e);
            throw e;
        }
    }

    private void failIfArchivingFailed() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("Archiving failed: " + thrown, thrown);
        }
    }

    PostgresServer server() {
        return server;
    }

    BaseBackupBuilder backup() {
        return pitr.backup(server.jdbcUrl(), server.superuser());
    }

    Lsn position() {
        return Lsn.parse(server.queryOne("select pg_current_wal_insert_lsn()"));
    }

    /** Finishes the open segment and waits until it is archived. */
    void archiveAll() {
        // A server that has written nothing since the last switch doesn't switch again.
        server.execute("select pg_create_restore_point('end')");
        String name = server.queryOne("select pg_walfile_name(pg_switch_wal())");
        WalSegment segment = WalSegment.parse(name, segmentSize());
        Awaitility.await()
                .alias(name + " is archived")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    failIfArchivingFailed();
                    return pitr.catalogue().wal().contains(segment);
                });
    }

    WalSegmentSize segmentSize() {
        return pitr.repository().current().identity().segmentSize();
    }

    /** Stops archiving; the server goes on. */
    void stopArchiving() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("Archiving goes on");
        }
        failIfArchivingFailed();
    }

    @Override
    public void close() {
        archiving.cancel(true);
        timer.shutdownNow();
        compressors.shutdown();
        server.close();
    }
}

package dev.pitr.examples;

import dev.pitr.Pitr;
import dev.pitr.archive.ArchiveReport;
import dev.pitr.archive.ReadyFiles;
import dev.pitr.archive.WalArchiver;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Archives what a server has finished, again and again, from inside this process. */
final class ContinuousArchiving implements AutoCloseable {
    private final WalArchiver archiver;
    private final Path walDirectory;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> runs;

    private ContinuousArchiving(WalArchiver archiver, Path walDirectory) {
        this.archiver = archiver;
        this.walDirectory = walDirectory;
        this.runs = timer.scheduleWithFixedDelay(this::archiveOrComplain, 0, 100, TimeUnit.MILLISECONDS);
    }

    static ContinuousArchiving start(Pitr pitr, Path dataDirectory) {
        WalArchiver archiver =
                pitr.archiver().readyFiles(ReadyFiles.RENAME_TO_DONE).build();
        return new ContinuousArchiving(archiver, dataDirectory.resolve("pg_wal"));
    }

    /**
     * A run that fails must not be the last, as it would be for the timer: what is ready stays ready for the next one.
     */
    private void archiveOrComplain() {
        try {
            archive();
        } catch (RuntimeException e) {
            System.err.println("Archiving will be tried again: " + e);
        }
    }

    private void archive() {
        ArchiveReport report = archiver.archiveReady(walDirectory);
        report.failures()
                .forEach(failure -> System.err.println("Not archived yet: " + failure.fileName() + ": "
                        + failure.error().getMessage()));
    }

    /** Finishes the open segment and archives everything up to now. */
    void finish(String url) throws SQLException {
        Shop.ask(url, "select pg_switch_wal()");
        close();
        archive();
    }

    @Override
    public void close() {
        runs.cancel(false);
        timer.shutdown();
        try {
            if (!timer.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("Archiving did not end within a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.pitr.backup;

import dev.pitr.archive.ReadyFiles;
import dev.pitr.archive.WalArchiver;
import dev.pitr.repository.Incarnation;
import dev.pitr.testing.PostgresServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Archives whatever the server has finished, until it is closed. */
final class Archiving implements AutoCloseable {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> running;

    Archiving(Incarnation incarnation, PostgresServer server) {
        WalArchiver archiver = WalArchiver.builder(incarnation)
                .readyFiles(ReadyFiles.RENAME_TO_DONE)
                .build();
        running = CompletableFuture.runAsync(() -> {
            while (!ended.get()) {
                archiver.archiveReady(server.dataDirectory().resolve("pg_wal"));
                Thread.onSpinWait();
            }
        });
    }

    @Override
    public void close() {
        ended.set(true);
        running.join();
    }
}

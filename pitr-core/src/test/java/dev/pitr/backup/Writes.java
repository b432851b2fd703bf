package dev.pitr.backup;

import dev.pitr.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Inserts rows as fast as it can. */
final class Writes implements AutoCloseable {
    private final PostgresServer server;
    private final AtomicBoolean ended = new AtomicBoolean();
    private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);

    Writes(PostgresServer server) {
        this.server = server;
    }

    void start() {
        CountDownLatch begun = new CountDownLatch(1);
        running = CompletableFuture.runAsync(() -> {
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                while (!ended.get()) {
                    statement.execute("insert into w (t) select repeat('y', 200) from generate_series(1, 500)");
                    begun.countDown();
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            begun.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        ended.set(true);
        running.join();
    }
}

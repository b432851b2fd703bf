package dev.pitr.examples;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Starts the quickstart's two servers. */
final class Servers {
    private Servers() {}

    /**
     * A new server that keeps finished WAL files until somebody archives them: {@code archive_mode} is on and
     * {@code archive_command} is empty, so that the embedding process does it.
     */
    static EmbeddedPostgres production(Path dataDirectory) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(dataDirectory)
                .setCleanDataDirectory(false)
                .setServerConfig("archive_mode", "on")
                .setServerConfig("wal_level", "replica")
                .start();
    }

    /** The server on a restored data directory; waits until it has recovered and is open for writes. */
    static EmbeddedPostgres restored(Path dataDirectory, Duration patience)
            throws IOException, SQLException, InterruptedException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(dataDirectory)
                .setCleanDataDirectory(false)
                .start();
        Instant deadline = Instant.now().plus(patience);
        while (!Shop.ask(url(server), "select pg_is_in_recovery()").equals("f")) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("The restored server is still in recovery after " + patience);
            }
            Thread.sleep(50);
        }
        return server;
    }

    static String url(EmbeddedPostgres server) {
        return server.getJdbcUrl("postgres", "postgres");
    }
}

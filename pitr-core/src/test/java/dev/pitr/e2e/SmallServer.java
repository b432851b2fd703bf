package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real server with few bytes, for jobs that are repeated many times: no template databases, segments of 1 MiB, one
 * table in the default tablespace and one in another, which nobody changes.
 */
final class SmallServer implements AutoCloseable {
    private static final int ROWS = 20_000;

    private final PostgresServer server;

    private SmallServer(PostgresServer server) {
        this.server = server;
    }

    static SmallServer start(Scene scene, PostgresVersion version) {
        PostgresServer server = scene.server(version, Map.of("autovacuum", "off"))
                .walSegmentMebibytes(1)
                .start();
        for (String template : List.of("template0", "template1")) {
            server.execute(
                    "update pg_database set datistemplate = false where datname = '" + template + "'",
                    "drop database " + template);
        }
        server.createTablespace("space", scene.folder("spaces").resolve("space"));
        for (String table : List.of("near", "far tablespace space")) {
            server.execute("create table " + table + " as select id, md5(id::text) as text from generate_series(1, "
                    + ROWS + ") id");
        }
        return new SmallServer(server);
    }

    PostgresServer server() {
        return server;
    }

    /** Makes the server finish so many segments, and some bytes in each; returns its pg_wal, where they wait. */
    Path walWaitingToBeArchived(int segments) {
        for (int i = 0; i < segments; i++) {
            server.execute("select pg_logical_emit_message(false, 'filler', repeat(md5(random()::text), 10000))");
            server.execute("select pg_switch_wal()");
        }
        Path wal = server.dataDirectory().resolve("pg_wal");
        assertThat(waiting(wal, ".ready").size()).isGreaterThanOrEqualTo(segments);
        return wal;
    }

    /** Names of WAL files with a status file that ends so. */
    static List<String> waiting(Path wal, String status) {
        try (Stream<Path> files = Files.list(wal.resolve("archive_status"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(status))
                    .map(name -> name.substring(0, name.length() - status.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Restores the newest backup and checks its rows. */
    void requireRestorable(Scene scene, String name) throws TimeoutException {
        RestorePlan plan = scene.pitr()
                .plan(RecoveryTarget.immediate())
                .action(TargetAction.PROMOTE)
                .build();
        try (RestoreResult restored = scene.restore(plan, name, Channel.STAGED)) {
            requireRows(plan.identity().version(), restored.dataDirectory());
        }
    }

    /** A server starts on a restored directory, ends its recovery, and holds all rows. */
    void requireRows(PostgresVersion version, Path dataDirectory) {
        try (PostgresServer restored =
                PostgresServer.launch(version, dataDirectory).awaitPromoted()) {
            for (String table : List.of("near", "far")) {
                assertThat(restored.queryOne("select count(*) from " + table + " where text = md5(id::text)"))
                        .isEqualTo(Integer.toString(ROWS));
            }
        }
    }

    /** No server starts on a directory; an absent one is refused as well. */
    static void requireRefusedByServer(PostgresVersion version, Path dataDirectory) throws TimeoutException {
        if (!Files.exists(dataDirectory)) {
            return;
        }
        try (PostgresServer server = PostgresServer.launch(version, dataDirectory)) {
            assertThat(server.awaitExit()).isNotZero();
            assertThat(server.log()).doesNotContain("database system is ready");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

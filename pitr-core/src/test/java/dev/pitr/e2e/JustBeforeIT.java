package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.history.ChangeKind;
import dev.pitr.history.HistoryEntry;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Accidents are found in the archived WAL, and undone by the targets that the findings offer. */
class JustBeforeIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void bringsBackADroppedTableAndADroppedDatabase(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        try (ArchivedServer original = ArchivedServer.of(
                scene.server(version, Map.of("autovacuum", "off")).start(), scene.pitr())) {
            PostgresServer server = original.server();
            server.execute("create table t (id int primary key)", "create database victim");
            fillVictim(server);
            // Gives the catalog another file, as names are to be read from there.
            server.execute("vacuum full pg_class");
            original.backup().build().run();
            server.execute("insert into t select generate_series(1, 100)");
            server.execute("drop table t");
            server.execute("create table later (id int)", "insert into later values (1)");
            server.execute("drop database victim");
            server.execute("insert into later values (2)");
            original.archiveAll();
        }

        HistoryEntry table = found(scene, ChangeKind.DROP);
        assertThat(table.dropped()).extracting(Object::toString).containsExactlyInAnyOrder("public.t", "public.t_pkey");
        try (RestoreResult restored = scene.restore(plan(scene, table), "table", Channel.SERVED);
                PostgresServer server = RestoredServer.start(plan(scene, table), restored, TargetAction.PROMOTE)) {
            assertThat(server.queryOne("select count(*) from t")).isEqualTo("100");
            assertThat(server.query("select relname from pg_class where relname = 'later'"))
                    .isEmpty();
        }
        HistoryEntry database = found(scene, ChangeKind.DATABASE_DROP);
        assertThat(database.databaseName()).contains("victim");
        try (RestoreResult restored = scene.restore(plan(scene, database), "database", Channel.SERVED);
                PostgresServer server = RestoredServer.start(plan(scene, database), restored, TargetAction.PROMOTE)) {
            assertThat(server.queryOne("select datconnlimit from pg_database where datname = 'victim'"))
                    .isEqualTo("-1");
            assertThat(inVictim(server, "select count(*) from kept")).isEqualTo("7");
            assertThat(server.query("select id from later")).isEqualTo(List.of("1"));
        }
    }

    private static HistoryEntry found(Scene scene, ChangeKind kind) {
        List<HistoryEntry> found = scene.pitr()
                .history()
                .names(scene.pitr().namesOfBackups())
                .only(kind)
                .build()
                .newestFirst()
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static RestorePlan plan(Scene scene, HistoryEntry entry) {
        return scene.pitr()
                .plan(entry.before().target())
                .action(TargetAction.PROMOTE)
                .build();
    }

    private static void fillVictim(PostgresServer server) throws Exception {
        try (Connection connection = victim(server);
                Statement sql = connection.createStatement()) {
            sql.execute("create table kept as select generate_series(1, 7) as id");
        }
    }

    private static String inVictim(PostgresServer server, String query) throws Exception {
        try (Connection connection = victim(server);
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection victim(PostgresServer server) throws Exception {
        return DriverManager.getConnection(server.jdbcUrl().replace("/postgres", "/victim"), server.superuser());
    }
}

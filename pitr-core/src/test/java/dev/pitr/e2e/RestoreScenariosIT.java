package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.Pitr;
import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.recovery.RestoreRefusedException;
import dev.pitr.recovery.TargetAction;
import dev.pitr.recovery.TimelineTarget;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores in less usual circumstances. Nobody writes beside the test, so that the expected rows are plain to see. */
class RestoreScenariosIT {
    private static final Map<String, String> QUIET = Map.of("autovacuum", "off");

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void followsTheTimelineThatIsAskedFor(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        Backup first;
        try (ArchivedServer original = start(scene, version)) {
            insert(original, "before the backup");
            first = original.backup().build().run().backup();
            insert(original, "before the fork");
            original.server().execute("select pg_create_restore_point('fork')");
            insert(original, "only on 1");
            original.archiveAll();
        }
        Backup second = liveOnTimelineTwo(scene);

        Pitr pitr = scene.pitr();
        requireRows(
                scene,
                "on-1",
                pitr.plan(RecoveryTarget.latest()).timeline(number(1)),
                "before the backup",
                "before the fork",
                "only on 1");
        requireRows(
                scene,
                "on-2-from-1",
                pitr.plan(RecoveryTarget.latest()).timeline(number(2)).backup(first.id()),
                "before the backup",
                "before the fork",
                "only on 2",
                "after the backup on 2");
        requireRows(
                scene,
                "newest",
                pitr.plan(RecoveryTarget.latest()),
                "before the backup",
                "before the fork",
                "only on 2",
                "after the backup on 2");
        requireRows(
                scene,
                "current-1",
                pitr.plan(RecoveryTarget.latest())
                        .timeline(TimelineTarget.current())
                        .backup(first.id()),
                "before the backup",
                "before the fork",
                "only on 1");
        requireRows(
                scene,
                "current-2",
                pitr.plan(RecoveryTarget.immediate())
                        .timeline(TimelineTarget.current())
                        .action(TargetAction.PROMOTE)
                        .backup(second.id()),
                "before the backup",
                "before the fork",
                "only on 2");
        assertThat(pitr.plan(RecoveryTarget.latest()).build().backup()).isEqualTo(second);
    }

    /** Restores to the fork, in place of the original server, and goes on archiving from there. */
    private Backup liveOnTimelineTwo(Scene scene) throws Exception {
        RestorePlan plan = scene.pitr()
                .plan(RecoveryTarget.name("fork"))
                .action(TargetAction.PROMOTE)
                .build();
        try (RestoreResult restored = scene.restore(plan, "successor", Channel.SERVED, ArchivedServer.SETTINGS);
                ArchivedServer successor = ArchivedServer.of(
                        PostgresServer.launch(plan.identity().version(), restored.dataDirectory())
                                .awaitPromoted(),
                        scene.pitr())) {
            assertThat(successor.server().queryOne("select pg_walfile_name(pg_current_wal_lsn())"))
                    .startsWith("00000002");
            insert(successor, "only on 2");
            Backup backup = successor.backup().build().run().backup();
            insert(successor, "after the backup on 2");
            successor.archiveAll();
            return backup;
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresABackupOfAStandby(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        try (ArchivedServer primary = start(scene, version);
                PostgresServer standby = primary.server().startStandby(folder.resolve("standby"))) {
            insert(primary, "before the backup");
            standby.awaitTrue("select count(*) = 1 from t");
            Backup backup = scene.pitr()
                    .backup(standby.jdbcUrl(), standby.superuser())
                    .waitForWal(java.time.Duration.ZERO)
                    .build()
                    .run()
                    .backup();
            assertThat(backup.isFromStandby()).isTrue();
            insert(primary, "after the backup");
            primary.archiveAll();
        }
        requireRows(
                scene, "restored", scene.pitr().plan(RecoveryTarget.latest()), "before the backup", "after the backup");
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresALoneBackupFromTheWalThatItCarries(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        try (PostgresServer server = scene.server(version, QUIET).start()) {
            scene.pitr().init(server.jdbcUrl(), server.superuser());
            server.execute("create table t (what text)", "insert into t values ('before the backup')");
            scene.pitr()
                    .backup(server.jdbcUrl(), server.superuser())
                    .carryWal()
                    .build()
                    .run();
        }
        assertThat(scene.pitr().catalogue().wal().timelines()).isEmpty();
        for (Channel channel : List.of(Channel.SERVED, Channel.STAGED)) {
            RestorePlan plan = scene.pitr().plan(RecoveryTarget.latest()).build();
            assertThat(plan.usesCarriedWal()).isTrue();
            requireRows(scene, "latest-" + channel, channel, plan, "before the backup");
        }
        requireRows(
                scene,
                "immediate",
                scene.pitr().plan(RecoveryTarget.immediate()).action(TargetAction.PROMOTE),
                "before the backup");
    }

    /** As Debian's packages lay a cluster out: the configuration lies in a folder of its own. */
    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresAClusterWhoseConfigurationLiesElsewhere(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        PostgresServer prepared = scene.server(version, QUIET).start();
        prepared.stop(PostgresServer.StopMode.FAST);
        Path data = prepared.dataDirectory();
        Path etc = scene.folder("etc");
        for (String name : List.of("postgresql.conf", "pg_hba.conf", "pg_ident.conf")) {
            Files.move(data.resolve(name), etc.resolve(name));
        }
        Map<String, String> elsewhere = Map.of(
                "config_file", etc.resolve("postgresql.conf").toString(),
                "hba_file", etc.resolve("pg_hba.conf").toString(),
                "ident_file", etc.resolve("pg_ident.conf").toString());
        try (ArchivedServer original = ArchivedServer.of(
                PostgresServer.launch(version, data, elsewhere).awaitReady(), scene.pitr())) {
            original.server().execute("create table t (what text)");
            original.backup().build().run();
            insert(original, "after the backup");
            original.archiveAll();
        }
        Trees.delete(etc);
        requireRows(scene, "restored", scene.pitr().plan(RecoveryTarget.latest()), "after the backup");
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void refusesATimeBeforeTheBackup(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        try (ArchivedServer server = start(scene, version)) {
            insert(server, "before the backup");
            Instant tooEarly = Instant.parse(server.server()
                    .queryOne("select to_char(clock_timestamp() at time zone 'utc',"
                            + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            Backup backup = server.backup().build().run().backup();
            server.archiveAll();
            assertThatThrownBy(() ->
                            scene.pitr().plan(RecoveryTarget.time(tooEarly)).build())
                    .isInstanceOf(RestoreRefusedException.class)
                    .hasMessageContaining(backup.id());
        }
    }

    private static ArchivedServer start(Scene scene, PostgresVersion version) {
        PostgresServer.Builder builder = scene.server(version, QUIET).walSegmentMebibytes(1);
        ArchivedServer server = ArchivedServer.of(builder.start(), scene.pitr());
        server.server().execute("create table t (what text)");
        return server;
    }

    private static void insert(ArchivedServer server, String what) {
        server.server().execute("insert into t values ('" + what + "')");
    }

    private static TimelineTarget number(int timeline) {
        return TimelineTarget.number(new TimelineId(timeline));
    }

    private static void requireRows(Scene scene, String name, RestorePlanBuilder plan, String... rows) {
        requireRows(scene, name, Channel.SERVED, plan.build(), rows);
    }

    private static void requireRows(Scene scene, String name, Channel channel, RestorePlan plan, String... rows) {
        try (RestoreResult restored = scene.restore(plan, name, channel);
                PostgresServer server = PostgresServer.launch(plan.identity().version(), restored.dataDirectory())) {
            server.awaitPromoted();
            assertThat(server.query("select what from t")).containsExactlyInAnyOrder(rows);
        }
    }
}

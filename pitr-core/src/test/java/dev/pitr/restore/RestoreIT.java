package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.archive.WalArchiver;
import dev.pitr.backup.BaseBackup;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.testing.PostgresBinaries;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RestoreIT {
    private static final String COUNTS = "select (select count(*) from a) || ' ' || (select sum(id) from a) || ' '"
            + " || (select count(*) from b) || ' ' || (select count(*) from c)";
    private static final String BEFORE_THE_MISTAKE = "5000 12502500 3000 700";

    @TempDir
    Path folder;

    private PostgresServer original;
    private FileSystemStorage storage;
    private Repository repository;

    @AfterEach
    void stopOriginal() {
        if (original != null) {
            original.close();
        }
    }

    private Path store() {
        return folder.resolve("store");
    }

    private PostgresServer.Builder cluster(PostgresVersion version) {
        return PostgresServer.create(version, folder.resolve("original"))
                .walSegmentMebibytes(1)
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .setting("wal_keep_size", "512MB")
                .setting("synchronous_standby_names", "")
                .setting("recovery_min_apply_delay", "1h");
    }

    /** A cluster with two tablespaces, a backup, rows after it, a restore point, and what must not be there. */
    private RestorePlan mistake() {
        makeTables();
        backup().build().run();
        original.execute(
                "insert into a select generate_series(2001, 5000)",
                "insert into b select g, repeat('b', 500) from generate_series(1001, 3000) g",
                "insert into c select generate_series(1, 700)",
                "select pg_switch_wal()",
                "insert into b select g, 'deleted again' from generate_series(1, 100) g",
                "delete from b where t = 'deleted again'",
                "select pg_create_restore_point('before the mistake')",
                "drop table a",
                "truncate b",
                "insert into c values (1), (2)");
        archive();
        return plan(RecoveryTarget.name("before the mistake"));
    }

    private void makeTables() {
        storage = FileSystemStorage.create(store());
        repository = Repository.at(storage, "test");
        try (ReplicationConnection connection = ReplicationConnection.open(original.jdbcUrl(), original.superuser())) {
            repository.init(connection.identity());
        }
        original.createTablespace("one", original.newTablespaceFolder("one"));
        original.createTablespace("two", original.newTablespaceFolder("two"));
        original.execute(
                "create table a tablespace one as select g as id from generate_series(1, 2000) g",
                "create table b tablespace two as select g as id, repeat('x', 500) as t from generate_series(1, 1000) g",
                "create table c (id int)");
    }

    private BaseBackupBuilder backup() {
        return BaseBackup.builder(repository)
                .server(original.jdbcUrl(), original.superuser())
                .partSize(4 << 20)
                .waitForWal(Duration.ZERO);
    }

    private Incarnation incarnation() {
        return repository.current();
    }

    private void archive() {
        original.execute("select pg_switch_wal()");
        assertThat(WalArchiver.builder(incarnation())
                        .build()
                        .archiveReady(original.dataDirectory().resolve("pg_wal"))
                        .failures())
                .isEmpty();
    }

    private RestorePlan plan(RecoveryTarget target) {
        return RestorePlan.from(incarnation().catalogue())
                .target(target)
                .action(TargetAction.PROMOTE)
                .build();
    }

    private RestoreExecutorBuilder restore(RestorePlan plan, WalDelivery delivery) {
        return RestoreExecutor.builder(plan, incarnation(), folder.resolve("restored"))
                .serverBinaries(
                        PostgresBinaries.program(original.version(), "postgres").getParent())
                .wal(delivery);
    }

    private List<WalDelivery> deliveries() {
        return List.of(
                new WalDelivery.Served(),
                new WalDelivery.Staged(),
                new WalDelivery.Command(FetchProgram.words(store())));
    }

    private void forget() throws IOException {
        for (String name : List.of("restored", "restored-wal", "restored-tablespaces", "restored.log")) {
            Path path = folder.resolve(name);
            if (Files.exists(path)) {
                try (Stream<Path> all = Files.walk(path)) {
                    for (Path each : all.sorted((x, y) -> y.compareTo(x)).toList()) {
                        Files.delete(each);
                    }
                }
            }
        }
    }

    private PostgresServer launch(RestoreResult result) {
        return PostgresServer.launch(original.version(), result.dataDirectory());
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void bringsBackARunningClusterWithTwoTablespacesInEachChannel(PostgresVersion version) throws Exception {
        original = cluster(version).start();
        RestorePlan plan = mistake();
        for (WalDelivery delivery : deliveries()) {
            forget();
            try (RestoreResult result = restore(plan, delivery).build().execute();
                    PostgresServer restored = launch(result)) {
                restored.awaitPromoted();
                assertThat(restored.queryOne(COUNTS)).as("%s", delivery).isEqualTo(BEFORE_THE_MISTAKE);
                assertThat(restored.queryOne("show archive_mode")).isEqualTo("off");
                assertThat(restored.query("select pg_tablespace_location(oid) from pg_tablespace"
                                + " where spcname in ('one', 'two') order by oid"))
                        .containsExactlyElementsOf(result.tablespaces().values().stream()
                                .map(Path::toString)
                                .toList());
                assertThat(result.neutralised())
                        .extracting(RestoreResult.Neutralised::name)
                        .contains("archive_mode", "recovery_min_apply_delay");
                assertThat(result.lastWalFault()).isEmpty();
                restored.execute("insert into a values (1)");
            }
        }
        assertThat(original.queryOne("select count(*) from c")).isEqualTo("702");
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void stopsTheServerWithFatalIfAPlannedSegmentVanishesInEachChannel(PostgresVersion version) throws Exception {
        original = cluster(version).start();
        mistake();
        // Without a target only the channel stands between a hole and an early promotion.
        RestorePlan plan = plan(RecoveryTarget.latest());
        WalSegment victim = plan.segments().get(plan.segments().size() / 2);
        ObjectKey key = archived(victim);
        byte[] content = storage.open(key).readAllBytes();
        for (WalDelivery delivery : deliveries()) {
            forget();
            if (delivery instanceof WalDelivery.Served) {
                storage.delete(List.of(key));
            }
            try (RestoreResult result = restore(plan, delivery).build().execute()) {
                storage.delete(List.of(key));
                Files.deleteIfExists(result.walFolder().resolve("staged").resolve(victim.name()));
                try (PostgresServer restored = launch(result)) {
                    assertThat(restored.awaitExit()).as("%s", delivery).isEqualTo(1);
                    assertThat(restored.log())
                            .contains("FATAL:  could not restore file \"" + victim.name() + "\" from archive")
                            .doesNotContain("archive recovery complete");
                }
                if (delivery instanceof WalDelivery.Served) {
                    assertThat(result.lastWalFault())
                            .hasValueSatisfying(fault -> assertThat(fault).contains(victim.name()));
                }
            }
            storage.put(key, dev.pitr.storage.Content.of(content));
        }
    }

    private ObjectKey archived(WalSegment segment) {
        try (Stream<ObjectInfo> objects = storage.list("", "")) {
            return objects.map(ObjectInfo::key)
                    .filter(key -> key.value().contains("/" + segment.name()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresALoneBackupWithTheWalThatItCarries(PostgresVersion version) {
        original = cluster(version).start();
        makeTables();
        backup().carryWal().build().run();
        RestorePlan plan = plan(RecoveryTarget.immediate());
        assertThat(plan.usesCarriedWal()).isTrue();
        try (RestoreResult result =
                        restore(plan, new WalDelivery.Served()).build().execute();
                PostgresServer restored = launch(result)) {
            restored.awaitPromoted();
            assertThat(restored.queryOne(COUNTS)).isEqualTo("2000 2001000 1000 0");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void startsAClusterWhoseConfigurationLayElsewhere(PostgresVersion version) throws Exception {
        restoresAClusterWhoseConfigurationLayElsewhere(version, "");
    }

    @Test
    void prefersTheConfigurationElsewhereToAnUnusedOneInTheDataDirectory() throws Exception {
        restoresAClusterWhoseConfigurationLayElsewhere(PostgresVersions.newest(), "work_mem = '6MB'\n");
    }

    private void restoresAClusterWhoseConfigurationLayElsewhere(PostgresVersion version, String unused)
            throws Exception {
        Path etc = Files.createDirectory(folder.resolve("etc"));
        original = withConfigurationIn(etc, cluster(version).start(), version, unused);
        RestorePlan plan = mistake();
        String pid = Files.readString(folder.resolve("original.pid"));
        try (Stream<Path> all = Files.walk(etc)) {
            for (Path each : all.sorted((x, y) -> y.compareTo(x)).toList()) {
                Files.delete(each);
            }
        }
        try (RestoreResult result =
                        restore(plan, new WalDelivery.Served()).build().execute();
                PostgresServer restored = launch(result)) {
            restored.awaitPromoted();
            assertThat(restored.queryOne(COUNTS)).isEqualTo(BEFORE_THE_MISTAKE);
            assertThat(restored.queryOne("show data_directory"))
                    .isEqualTo(result.dataDirectory().toString());
            assertThat(restored.queryOne("show work_mem")).isEqualTo("5MB");
            assertThat(restored.queryOne("show hba_file"))
                    .isEqualTo(result.dataDirectory().resolve("pg_hba.conf").toString());
            assertThat(result.warnings()).anyMatch(w -> w.contains("postgresql.conf lay outside"));
            assertThat(folder.resolve("original.pid")).hasContent(pid.strip());
        }
    }

    /** Starts a server again with its configuration in another folder; what is unused stays behind, unless empty. */
    private PostgresServer withConfigurationIn(Path etc, PostgresServer server, PostgresVersion version, String unused)
            throws IOException {
        Path data = server.dataDirectory();
        server.close();
        Files.createDirectory(etc.resolve("conf.d"));
        for (String name : List.of("postgresql.conf", "pg_hba.conf", "pg_ident.conf")) {
            Files.move(data.resolve(name), etc.resolve(name));
        }
        if (!unused.isEmpty()) {
            Files.writeString(data.resolve("postgresql.conf"), unused);
        }
        Files.writeString(etc.resolve("conf.d/more.conf"), "work_mem = '5MB'\n");
        Files.writeString(
                etc.resolve("postgresql.conf"),
                Files.readString(etc.resolve("postgresql.conf"))
                        + "\nhba_file = '" + etc.resolve("pg_hba.conf") + "'\nident_file = '"
                        + etc.resolve("pg_ident.conf") + "'\ndata_directory = '" + data
                        + "'\nexternal_pid_file = '" + folder.resolve("original.pid") + "'\ninclude_dir 'conf.d'\n");
        return PostgresServer.launch(
                        version,
                        data,
                        Map.of("config_file", etc.resolve("postgresql.conf").toString()))
                .awaitReady();
    }

    @Test
    void makesAStandbyThatWaitsForMore() {
        original = cluster(PostgresVersions.newest()).start();
        makeTables();
        backup().build().run();
        original.execute("insert into c select generate_series(1, 700)");
        archive();
        RestorePlan plan = plan(RecoveryTarget.latest());
        try (RestoreResult result = restore(plan, new WalDelivery.Served())
                        .role(RestoredRole.STANDBY)
                        .build()
                        .execute();
                PostgresServer restored = launch(result)) {
            restored.awaitReady().awaitTrue("select count(*) = 700 from c");
            assertThat(restored.queryOne("select pg_is_in_recovery()")).isEqualTo("t");
        }
    }
}

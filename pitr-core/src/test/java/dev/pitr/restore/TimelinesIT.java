package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.archive.WalArchiver;
import dev.pitr.archive.WalConflictException;
import dev.pitr.backup.BaseBackup;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.backup.BaseBackupResult;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.recovery.TargetAction;
import dev.pitr.recovery.TimelineTarget;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresServer.StopMode;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores of clusters that were promoted, on real servers. */
class TimelinesIT {
    private static final String TIMELINE = "select substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";
    private static final String ROWS = "select string_agg(t, ' ' order by id) from r";

    @TempDir
    Path folder;

    private FileSystemStorage storage;
    private Repository repository;
    private PostgresServer original;
    private int restored;

    @BeforeEach
    void openStore() {
        storage = FileSystemStorage.create(folder.resolve("store"));
        repository = Repository.at(storage, "test");
    }

    @AfterEach
    void stopOriginal() {
        if (original != null) {
            original.close();
        }
    }

    private void start(PostgresVersion version) {
        original = PostgresServer.create(version, folder.resolve("original"))
                .walSegmentMebibytes(1)
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .setting("wal_keep_size", "512MB")
                .start();
        original.execute("create table r (id serial, t text)", "insert into r (t) values ('one')");
    }

    private void init() {
        try (ReplicationConnection connection = ReplicationConnection.open(original.jdbcUrl(), original.superuser())) {
            repository.init(connection.identity());
        }
    }

    private static void add(PostgresServer server, String row) {
        server.execute("insert into r (t) values ('" + row + "')");
    }

    /** The same data directory goes on under the next timeline. */
    private void promote() throws IOException {
        original.stop(StopMode.FAST);
        Files.createFile(original.dataDirectory().resolve("standby.signal"));
        original.restart();
        original.execute("select pg_promote()");
        original.awaitPromoted();
    }

    private BaseBackupBuilder backup() {
        return BaseBackup.builder(repository)
                .server(original.jdbcUrl(), original.superuser())
                .waitForWal(Duration.ZERO);
    }

    private void archive(PostgresServer server) {
        server.execute("select pg_switch_wal()");
        assertThat(WalArchiver.builder(repository.current())
                        .build()
                        .archiveReady(server.dataDirectory().resolve("pg_wal"))
                        .failures())
                .isEmpty();
    }

    /** As if everything until now had been archived to another place. */
    private void forgetWhatIsReady() throws IOException {
        Path status = original.dataDirectory().resolve("pg_wal/archive_status");
        try (Stream<Path> files = Files.list(status)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".ready")).toList()) {
                String name = file.getFileName().toString();
                Files.move(file, status.resolve(name.replace(".ready", ".done")));
            }
        }
    }

    private void remove(String walFile) {
        try (Stream<ObjectInfo> objects = storage.list("", "")) {
            List<ObjectKey> keys = objects.map(ObjectInfo::key)
                    .filter(key -> key.value().contains("/wal/") && key.value().endsWith("/" + walFile + ".zst"))
                    .toList();
            assertThat(keys).as(walFile).hasSize(1);
            storage.delete(keys);
        }
    }

    private RestorePlanBuilder plan(RecoveryTarget target) {
        return RestorePlan.from(repository.current().catalogue()).target(target).action(TargetAction.PROMOTE);
    }

    private List<WalDelivery> deliveries() {
        return List.of(
                new WalDelivery.Served(),
                new WalDelivery.Staged(),
                new WalDelivery.Command(FetchProgram.words(folder.resolve("store"))));
    }

    private void assertRestores(RestorePlan plan, WalDelivery delivery, String rows) {
        Path target = folder.resolve("restored" + restored++);
        try (RestoreResult result = RestoreExecutor.builder(plan, repository.current(), target)
                        .wal(delivery)
                        .build()
                        .execute();
                PostgresServer server = PostgresServer.launch(original.version(), result.dataDirectory())) {
            server.awaitPromoted();
            assertThat(server.queryOne(ROWS)).as("%s", delivery).isEqualTo(rows);
            assertThat(server.queryOne(TIMELINE)).isEqualTo(plan.newTimeline().toHex());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresFromARepositoryThatWasOpenedAfterThePromotions(PostgresVersion version) throws Exception {
        start(version);
        promote();
        add(original, "two");
        promote();
        forgetWhatIsReady();
        init();

        backup().build().run();
        add(original, "three");
        archive(original);

        assertThat(repository.current().catalogue().histories()).containsOnlyKeys(new TimelineId(2), new TimelineId(3));
        RestorePlan plan = plan(RecoveryTarget.latest()).build();
        assertThat(plan.newTimeline()).isEqualTo(new TimelineId(4));
        for (WalDelivery delivery : deliveries()) {
            assertRestores(plan, delivery, "one two three");
        }
        assertThat(backup().build().run().backup().stopTimeline()).isEqualTo(new TimelineId(3));
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresALoneBackupOfAPromotedServer(PostgresVersion version) throws Exception {
        start(version);
        promote();
        add(original, "two");
        init();

        BaseBackupResult result = backup().carryWal().build().run();

        assertThat(result.isRestorable()).isTrue();
        assertThat(result.requiredWal()).containsExactly(new WalFileName.History(new TimelineId(2)));
        for (RecoveryTarget target : List.of(RecoveryTarget.immediate(), RecoveryTarget.latest())) {
            RestorePlan plan = plan(target).build();
            assertThat(plan.usesCarriedWal()).isTrue();
            for (WalDelivery delivery : deliveries()) {
                assertRestores(plan, delivery, "one two");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void followsATimelineThoughTheHistoryOfItsParentIsGone(PostgresVersion version) throws Exception {
        start(version);
        init();
        backup().build().run();
        promote();
        add(original, "two");
        archive(original);
        promote();
        add(original, "three");
        archive(original);
        remove("00000002.history");

        RestorePlan plan = plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.number(new TimelineId(3)))
                .build();

        assertThat(plan.backup().stopTimeline()).isEqualTo(TimelineId.FIRST);
        assertThat(plan.historyFiles()).containsExactly(new WalFileName.History(new TimelineId(3)));
        assertThat(plan.warnings()).anyMatch(warning -> warning.contains("00000002.history isn't stored"));
        for (WalDelivery delivery : deliveries()) {
            assertRestores(plan, delivery, "one two three");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void readsNothingOfTheParentBehindAForkForWantOfTheChilds(PostgresVersion version) throws Exception {
        start(version);
        init();
        backup().build().run();
        archive(original);
        try (PostgresServer child = original.startStandby(folder.resolve("child"))) {
            child.execute("select pg_promote()");
            child.awaitPromoted();
            add(child, "child");
            archive(child);
        }
        add(original, "parent");
        archive(original);
        TimelineId two = new TimelineId(2);
        RestorePlan whole = plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.number(two))
                .build();
        remove(whole.segments().stream()
                .filter(segment -> segment.timeline().equals(two))
                .findFirst()
                .orElseThrow()
                .name());

        RestorePlan plan = plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.number(two))
                .endBeforeGap()
                .build();

        for (WalDelivery delivery : deliveries()) {
            assertRestores(plan, delivery, "one");
        }
    }

    @Test
    void goesOnThroughWhatIsArchivedAfterAnOpenEndedPlanWasMade() {
        start(PostgresVersions.newest());
        init();
        backup().build().run();
        add(original, "planned");
        archive(original);
        RestorePlan plan = plan(RecoveryTarget.latest()).build();
        add(original, "later");
        archive(original);

        assertThat(plan.isOpenEnded()).isTrue();
        for (WalDelivery delivery : deliveries()) {
            boolean isStaged = delivery instanceof WalDelivery.Staged;
            assertRestores(plan, delivery, isStaged ? "one planned" : "one planned later");
        }
    }

    @Test
    void refusesABackupWhoseTimelineHasAnotherHistoryInTheRepository() throws Exception {
        start(PostgresVersions.newest());
        init();
        promote();
        WalArchiver.builder(repository.current())
                .build()
                .archive(
                        new WalFileName.History(new TimelineId(2)),
                        "1\t0/100000\tanother server's\n".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> backup().build().run())
                .isInstanceOf(WalConflictException.class)
                .hasMessageStartingWith("Cannot archive 00000002.history: the repository holds other bytes");
        assertThat(repository.current().backups().list().backups()).isEmpty();
        assertThat(repository.current().backups().unfinished()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void readsTheHistoriesThatTheServerHas(PostgresVersion version) throws Exception {
        start(version);
        promote();
        try (ReplicationConnection connection = ReplicationConnection.open(original.jdbcUrl(), original.superuser())) {
            assertThat(connection.timelineHistory(TimelineId.FIRST)).isEmpty();
            assertThat(connection.timelineHistory(new TimelineId(0xFFFF_FFFFL))).isEmpty();
            assertThat(connection.timelineHistory(new TimelineId(2)))
                    .contains(Files.readAllBytes(original.dataDirectory().resolve("pg_wal/00000002.history")));
            assertThat(connection.isOpen()).isTrue();
        }
    }
}

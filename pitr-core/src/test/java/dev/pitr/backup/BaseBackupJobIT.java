package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Tablespace;
import dev.pitr.error.CancelledException;
import dev.pitr.postgres.ManifestChecksum;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.postgres.ServerException;
import dev.pitr.progress.Progress;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Codec;
import dev.pitr.repository.Repository;
import dev.pitr.repository.RepositoryException;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaseBackupJobIT {
    @TempDir
    Path folder;

    private final InMemoryStorage storage = new InMemoryStorage();
    private final Repository repository = Repository.at(storage, "test");

    private PostgresServer.Builder server(PostgresVersion version) {
        return PostgresServer.create(version, folder.resolve("data"));
    }

    private PostgresServer newest() {
        return server(PostgresVersions.newest()).start();
    }

    private BackupStore openFor(PostgresServer server) {
        try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), server.superuser())) {
            return repository.init(connection.identity()).backups();
        }
    }

    private BaseBackupBuilder backup(PostgresServer server) {
        return BaseBackup.builder(repository)
                .server(server.jdbcUrl(), server.superuser())
                .waitForWal(Duration.ZERO);
    }

    private void assertThatNothingIsLeft(BackupStore store) {
        assertThat(store.list().backups()).isEmpty();
        assertThat(store.unfinished()).isEmpty();
        try (Stream<ObjectInfo> objects = storage.list("", "")) {
            assertThat(objects.map(object -> object.key().value())).noneMatch(key -> key.contains("/backups/"));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void storesEveryFileOfABusyClusterWithItsTablespaces(PostgresVersion version) throws Exception {
        try (PostgresServer server = server(version).start();
                Writes writes = new Writes(server)) {
            BackupStore store = openFor(server);
            server.createTablespace("one", server.newTablespaceFolder("one"));
            server.createTablespace("two", server.newTablespaceFolder("two"));
            server.execute(
                    "create table a tablespace one as select g as id, repeat('x', 100) as t from generate_series(1, 30000) g",
                    "create table b tablespace two as select g as id, random() as r from generate_series(1, 30000) g",
                    "create table w (id bigserial, t text)");
            writes.start();
            Instant before = Instant.parse(server.queryOne(
                    "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));

            BaseBackupResult result = backup(server)
                    .label("nightly")
                    .partSize(1 << 20)
                    .jobs(3)
                    .build()
                    .run();

            Backup backup = result.backup();
            assertThat(new StoredBackup(store, backup).compareWithManifest()).isEmpty();
            assertThat(store.list().backups()).containsExactly(backup);
            assertThat(store.read(backup.id())).isEqualTo(backup);
            assertThat(store.unfinished()).isEmpty();
            assertThat(backup.label()).isEqualTo("nightly");
            assertThat(backup.identity().version()).isEqualTo(version);
            assertThat(backup.startedAt()).isAfterOrEqualTo(before);
            assertThat(backup.finishedAt()).isAfter(backup.startedAt());
            assertThat(backup.startLsn()).isLessThan(backup.stopLsn());
            assertThat(backup.checkpointLsn()).isGreaterThanOrEqualTo(backup.startLsn());
            assertThat(backup.isFromStandby()).isFalse();
            assertThat(backup.carriesWal()).isFalse();
            assertThat(backup.tablespaces())
                    .extracting(Tablespace::rawSizeBytes)
                    .hasSize(2)
                    .allMatch(size -> size > 1 << 20);
            assertThat(backup.settings()).containsKeys("max_connections", "hba_file");
            assertThat(result.isRestorable()).as("nothing is archived").isFalse();
            assertThat(result.missingWal())
                    .contains(new WalFileName.Segment(WalSegment.containing(
                            TimelineId.FIRST,
                            backup.startLsn(),
                            backup.identity().segmentSize())))
                    .isEqualTo(result.requiredWal());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void carriesWalSoThatALoneBackupStarts(PostgresVersion version) throws Exception {
        Path restored = Files.createDirectory(
                folder.resolve("restored"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (PostgresServer server = server(version).start();
                Writes writes = new Writes(server)) {
            BackupStore store = openFor(server);
            server.execute("create table w (id bigserial, t text)", "create table kept as select 42 as answer");
            writes.start();

            BaseBackupResult result = backup(server).carryWal().build().run();

            assertThat(result.isRestorable()).isTrue();
            assertThat(result.backup().carriesWal()).isTrue();
            assertThat(result.backup().carriedWal())
                    .contains(WalSegment.containing(
                            TimelineId.FIRST,
                            result.backup().startLsn(),
                            result.backup().identity().segmentSize()));
            StoredBackup stored = new StoredBackup(store, result.backup());
            assertThat(stored.compareWithManifest()).isEmpty();
            assertThat(stored.parts()).anyMatch(part -> part.name().startsWith("wal/00001"));
            stored.unpack(restored);
        }
        try (PostgresServer copy = PostgresServer.launch(version, restored).awaitReady()) {
            assertThat(copy.queryOne("select answer from kept")).isEqualTo("42");
            assertThat(Long.parseLong(copy.queryOne("select count(*) from w"))).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void waitsForTheWalThatTheServerFinishesWithTheBackup(PostgresVersion version) throws Exception {
        try (PostgresServer server = server(version)
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .start()) {
            BackupStore store = openFor(server);
            try (Archiving ignored = new Archiving(repository.current(), server)) {
                BaseBackupResult result = BaseBackup.builder(repository)
                        .server(server.jdbcUrl(), server.superuser())
                        .waitForWal(Duration.ofSeconds(60))
                        .build()
                        .run();

                assertThat(result.isRestorable()).isTrue();
                assertThat(result.requiredWal()).isNotEmpty();
                assertThat(store.list().backups()).containsExactly(result.backup());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void takesBackupsFromStandby(PostgresVersion version) throws Exception {
        try (PostgresServer primary = server(version).start();
                PostgresServer standby = primary.startStandby(folder.resolve("standby"))) {
            BackupStore store = openFor(primary);
            primary.execute("create table t as select 1 as id");

            for (boolean carry : new boolean[] {false, true}) {
                BaseBackupBuilder builder = backup(standby);
                Backup backup =
                        (carry ? builder.carryWal() : builder).build().run().backup();

                assertThat(backup.isFromStandby()).isTrue();
                assertThat(backup.carriesWal()).isEqualTo(carry);
                assertThat(new StoredBackup(store, backup).compareWithManifest())
                        .isEmpty();
            }
        }
    }

    @Test
    void storesWithEveryCodec() throws Exception {
        try (PostgresServer server = newest()) {
            BackupStore store = openFor(server);
            for (String codec : List.of("none", "gzip:1", "zstd:1", "zstd:9")) {
                Backup backup = backup(server)
                        .codec(Codec.parse(codec))
                        .manifestChecksum(ManifestChecksum.SHA256)
                        .build()
                        .run()
                        .backup();

                assertThat(backup.compression()).isEqualTo(codec);
                assertThat(new StoredBackup(store, backup).compareWithManifest())
                        .isEmpty();
            }
        }
    }

    @Test
    void tellsItsProgressPhaseByPhase() throws Exception {
        try (PostgresServer server = newest()) {
            openFor(server);
            List<Progress> told = Collections.synchronizedList(new ArrayList<>());

            backup(server).progress(told::add).build().run();

            assertThat(told.stream().map(Progress::phase).distinct())
                    .containsExactly(
                            "waiting for a checkpoint", "copying files", "finishing uploads", "waiting for WAL");
            Progress copied = told.stream()
                    .filter(progress -> progress.phase().equals("copying files"))
                    .reduce((first, last) -> last)
                    .orElseThrow();
            assertThat(copied.doneBytes()).isGreaterThan(10L << 20);
            assertThat(copied.totalBytes()).isPresent();
        }
    }

    @Test
    void refusesAServerOfAnotherClusterBeforeAnythingIsWritten() throws Exception {
        try (PostgresServer server = newest();
                PostgresServer other = PostgresServer.create(PostgresVersions.newest(), folder.resolve("other"))
                        .start()) {
            BackupStore store = openFor(other);

            assertThatThrownBy(() -> backup(server).build().run())
                    .isInstanceOfSatisfying(
                            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("repository.other-cluster"));
            assertThatNothingIsLeft(store);
        }
    }

    @Test
    void refusesARepositoryThatWasNeverOpened() throws Exception {
        try (PostgresServer server = newest()) {
            assertThatThrownBy(() -> backup(server).build().run())
                    .isInstanceOfSatisfying(
                            RepositoryException.class,
                            e -> assertThat(e.code()).isEqualTo("repository.not-initialized"));
            try (Stream<ObjectInfo> objects = storage.list("", "")) {
                assertThat(objects).isEmpty();
            }
        }
    }

    @Test
    void needsARoleThatMayReplicateAndNoMore() throws Exception {
        try (PostgresServer server = newest()) {
            BackupStore store = openFor(server);
            server.execute("create role weak login", "create role backup login replication");

            assertThatThrownBy(() -> backupAs(server, "weak"))
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.code()).isEqualTo("postgres.no-replication-role"));
            assertThatNothingIsLeft(store);
            Backup backup = backupAs(server, "backup").backup();
            assertThat(new StoredBackup(store, backup).compareWithManifest()).isEmpty();
        }
    }

    private BaseBackupResult backupAs(PostgresServer server, String role) {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        return BaseBackup.builder(repository)
                .server(server.jdbcUrl(), properties)
                .waitForWal(Duration.ZERO)
                .build()
                .run();
    }

    @Test
    void completesNoBackupOfADamagedCluster() throws Exception {
        try (PostgresServer server =
                server(PostgresVersions.newest()).dataChecksums().start()) {
            BackupStore store = openFor(server);
            server.execute("create table t as select generate_series(1, 10000) as id", "checkpoint");
            String file = server.queryOne("select pg_relation_filepath('t')");
            server.stop(PostgresServer.StopMode.FAST);
            try (RandomAccessFile table =
                    new RandomAccessFile(server.dataDirectory().resolve(file).toFile(), "rw")) {
                table.seek(3 * 8192 + 700);
                table.write(0x5A);
            }
            server.restart();

            assertThatThrownBy(() -> backup(server).build().run())
                    .isInstanceOfSatisfying(ChecksumFailureException.class, e -> {
                        assertThat(e.code()).isEqualTo("backup.checksum-failure");
                        assertThat(e.warnings())
                                .anyMatch(warning -> warning.contains(file) && warning.contains("block 3"));
                    })
                    .hasMessageContaining("the server found damaged data pages");
            assertThatNothingIsLeft(store);

            backup(server).skipPageChecksums().build().run();
            assertThat(store.list().backups()).hasSize(1);
        }
    }

    @Test
    void leavesNothingWhenStorageFails() throws Exception {
        try (PostgresServer server = newest()) {
            BackupStore store = openFor(server);
            for (int failingWrite : new int[] {1, 2, 5}) {
                Repository failing = Repository.at(new FailingUploads(storage, "/base/", failingWrite), "test");

                assertThatThrownBy(() -> BaseBackup.builder(failing)
                                .server(server.jdbcUrl(), server.superuser())
                                .partSize(4 << 20)
                                .build()
                                .run())
                        .isInstanceOf(FailingUploads.Failure.class);
                assertThatNothingIsLeft(store);
            }
            assertThat(server.queryOne("select count(*) from pg_stat_replication"))
                    .isEqualTo("0");
        }
    }

    @Test
    void endsPromptlyOnTheServerTooWhenInterrupted() throws Exception {
        try (PostgresServer server = newest()) {
            BackupStore store = openFor(server);
            CountDownLatch copying = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicBoolean interruptKept = new AtomicBoolean();
            Thread job = new Thread(() -> {
                try {
                    backup(server)
                            .maxRate(1 << 20)
                            .progress(progress -> {
                                if (progress.doneBytes() > 0) {
                                    copying.countDown();
                                }
                            })
                            .build()
                            .run();
                } catch (RuntimeException e) {
                    thrown.set(e);
                    interruptKept.set(Thread.currentThread().isInterrupted());
                }
            });
            job.start();
            assertThat(copying.await(30, TimeUnit.SECONDS)).isTrue();

            job.interrupt();
            job.join(10_000);

            assertThat(job.isAlive()).isFalse();
            assertThat(thrown.get()).isInstanceOf(CancelledException.class).hasMessageStartingWith("Backup ");
            assertThat(interruptKept).isTrue();
            assertThatNothingIsLeft(store);
            server.awaitTrue("select count(*) = 0 from pg_stat_replication");
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("pitr-backup"));
        }
    }

    @Test
    void runsOnceAndUnderAnIdentifierThatIsFree() throws Exception {
        try (PostgresServer server = newest()) {
            BackupStore store = openFor(server);
            BaseBackup job = backup(server).id("first").build();
            job.run();

            assertThatThrownBy(job::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was run already");
            assertThatThrownBy(() -> backup(server).id("first").build().run())
                    .isInstanceOfSatisfying(
                            RepositoryException.class, e -> assertThat(e.code()).isEqualTo("repository.backup-exists"));
            assertThat(store.list().backups()).extracting(Backup::id).containsExactly("first");
        }
    }
}

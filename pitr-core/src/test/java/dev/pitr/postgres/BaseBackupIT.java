package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.CancelledException;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import java.io.ByteArrayInputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BaseBackupIT {
    private static final BaseBackupOptions DEFAULTS =
            BaseBackupOptions.builder().build();

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void receivesDataDirectoryTablespacesAndManifest(PostgresVersion version) throws Exception {
        try (PostgresServer server =
                        PostgresServer.create(version, folder.resolve("data")).start();
                ReplicationConnection connection = connect(server)) {
            server.execute(
                    "create tablespace one location '" + server.newTablespaceFolder("one") + "'",
                    "create tablespace two location '" + server.newTablespaceFolder("two") + "'",
                    "create table a tablespace one as select generate_series(1, 10000) as id",
                    "create table b tablespace two as select generate_series(1, 10000) as id");
            CollectingSink sink = new CollectingSink();

            BaseBackupEnd end = connection.baseBackup(
                    BaseBackupOptions.builder()
                            .label("it's a label")
                            .maxRateKibibytesPerSecond(1 << 20)
                            .build(),
                    sink);

            assertThat(sink.calls).hasSize(7).startsWith("start").endsWith("archiveStart base", "archiveEnd");
            assertThat(sink.start.archives().get(0).location())
                    .hasValueSatisfying(path -> assertThat(path).endsWith("one"));
            assertThat(sink.start.archives().get(2).estimatedBytes().getAsLong())
                    .isGreaterThan(1 << 20);
            assertThat(end.stopLsn()).isGreaterThan(sink.start.startLsn());
            assertThat(end.timeline()).isEqualTo(sink.start.timeline());
            assertThat(end.warnings()).isEmpty();
            assertIsWhole(sink, end, connection.identity());
            // The session goes on.
            assertThat(connection.identity().version()).isEqualTo(version);
        }
    }

    /** Every file as the manifest lists it, and what the files say of the backup as the server said it. */
    private static void assertIsWhole(CollectingSink sink, BaseBackupEnd end, ClusterIdentity identity)
            throws Exception {
        Map<String, byte[]> files = sink.files();
        Set<String> listed = new HashSet<>();
        BackupManifest manifest = BackupManifest.read(new ByteArrayInputStream(sink.manifest.toByteArray()), file -> {
            byte[] content = files.get(file.path());
            ManifestChecksum.Computation checksum = file.algorithm().start();
            checksum.update(content, 0, content.length);
            assertThat(content).as(file.path()).hasSize((int) file.sizeBytes());
            assertThat(file.algorithm()).isEqualTo(ManifestChecksum.CRC32C);
            assertThat(file.hasChecksum(checksum.finish())).as(file.path()).isTrue();
            listed.add(file.path());
        });
        assertThat(listed).containsExactlyInAnyOrderElementsOf(files.keySet());
        assertThat(manifest.walRanges())
                .containsExactly(new WalRange(end.timeline(), sink.start.startLsn(), end.stopLsn()));
        BackupLabel label = BackupLabel.parse(files.get("backup_label"));
        assertThat(label.startLsn()).isEqualTo(sink.start.startLsn());
        assertThat(label.label()).contains("it's a label");
        TablespaceMap map = TablespaceMap.parse(files.get("tablespace_map"), identity.version());
        assertThat(map.locations().values())
                .containsExactlyElementsOf(sink.start.archives().stream()
                        .flatMap(archive -> archive.location().stream())
                        .toList());
        assertThat(ControlFile.parse(files.get("global/pg_control")).identity()).isEqualTo(identity);
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void takesBackupsFromStandby(PostgresVersion version) throws Exception {
        try (PostgresServer primary =
                        PostgresServer.create(version, folder.resolve("data")).start();
                PostgresServer standby = primary.startStandby(folder.resolve("standby"));
                ReplicationConnection connection = connect(standby)) {
            CollectingSink sink = new CollectingSink();

            BaseBackupEnd end = connection.baseBackup(DEFAULTS, sink);

            assertThat(new String(sink.files().get("backup_label"), StandardCharsets.UTF_8))
                    .contains("BACKUP FROM: standby");
            assertThat(end.stopLsn()).isGreaterThanOrEqualTo(sink.start.startLsn());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void reportsDamagedPagesAsTheServerTellsThem(PostgresVersion version) throws Exception {
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .dataChecksums()
                .start()) {
            server.execute("create table t as select generate_series(1, 10000) as id", "checkpoint");
            String file = server.queryOne("select pg_relation_filepath('t')");
            server.stop(PostgresServer.StopMode.FAST);
            try (RandomAccessFile table =
                    new RandomAccessFile(server.dataDirectory().resolve(file).toFile(), "rw")) {
                table.seek(2 * 8192 + 1000);
                table.write(0x55);
            }
            server.restart();
            try (ReplicationConnection connection = connect(server)) {
                assertThatThrownBy(() -> connection.baseBackup(DEFAULTS, new CollectingSink()))
                        .isInstanceOfSatisfying(ServerException.class, e -> {
                            assertThat(e.code()).isEqualTo("postgres.page-checksum");
                            assertThat(e.sqlState()).contains("XX001");
                            assertThat(e.warnings()).anyMatch(w -> w.contains(file) && w.contains("block 2"));
                        })
                        .hasMessageStartingWith("Cannot take a base backup: checksum verification failure");
                CollectingSink sink = new CollectingSink();
                connection.baseBackup(
                        BaseBackupOptions.builder().skipPageChecksums().build(), sink);
                assertThat(sink.files()).containsKey(file);
            }
        }
    }

    @Test
    void endsWhenAnotherThreadCancelsAndGoesOnAfterwards() throws Exception {
        try (PostgresServer server = newest();
                ReplicationConnection connection = connect(server)) {
            CompletableFuture<Void> cancelled = new CompletableFuture<>();
            assertThatThrownBy(() -> connection.baseBackup(slow(), new Observer(() -> {
                        if (!cancelled.isDone()) {
                            CompletableFuture.runAsync(connection::cancel).join();
                            cancelled.complete(null);
                        }
                    })))
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.code()).isEqualTo("postgres.query-cancelled"))
                    .hasMessageContaining("57014");
            connection.baseBackup(DEFAULTS, new CollectingSink());
        }
    }

    @Test
    void endsPromptlyWhenInterruptedWhileTheServerIsSilent() throws Exception {
        try (PostgresServer server = newest();
                ReplicationConnection connection = connect(server)) {
            // A spread checkpoint with work to do keeps the server silent for minutes.
            server.execute("alter system set checkpoint_timeout = '1h'", "select pg_reload_conf()");
            server.execute("create table t as select generate_series(1, 200000) as id");
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            AtomicReference<Boolean> flag = new AtomicReference<>();
            Thread backup = new Thread(() -> {
                try {
                    connection.baseBackup(
                            BaseBackupOptions.builder()
                                    .checkpoint(CheckpointPace.SPREAD)
                                    .build(),
                            new CollectingSink());
                } catch (Throwable e) {
                    thrown.set(e);
                    flag.set(Thread.currentThread().isInterrupted());
                }
            });
            backup.start();
            server.awaitTrue("select count(*) = 1 from pg_stat_progress_basebackup");
            backup.interrupt();
            backup.join(10_000);
            assertThat(thrown.get())
                    .isInstanceOf(CancelledException.class)
                    .hasMessage("The base backup was cancelled: its thread was interrupted");
            assertThat(flag.get()).isTrue();
            server.awaitTrue("select count(*) = 0 from pg_stat_progress_basebackup");
            assertThatThrownBy(connection::identity).hasMessageContaining("the connection is closed");
        }
    }

    @Test
    void passesOnWhatTheSinkThrowsAndFreesTheServer() throws Exception {
        try (PostgresServer server = newest();
                ReplicationConnection connection = connect(server)) {
            IllegalStateException full = new IllegalStateException("disk full");
            assertThatThrownBy(() -> connection.baseBackup(slow(), new Observer(() -> {
                        throw full;
                    })))
                    .isSameAs(full);
            server.awaitTrue("select count(*) = 0 from pg_stat_replication");
        }
    }

    @Test
    void saysSoWhenTheServerStopsInTheMiddle() throws Exception {
        try (PostgresServer server = newest();
                ReplicationConnection connection = connect(server)) {
            assertThatThrownBy(() -> connection.baseBackup(
                            slow(), new Observer(() -> server.stop(PostgresServer.StopMode.IMMEDIATE))))
                    .isInstanceOf(ServerException.class)
                    .hasMessageStartingWith("Cannot take a base backup: ");
            assertThatThrownBy(connection::identity).hasMessageContaining("the connection is closed");
        }
    }

    @Test
    void givesUpAfterTheSilenceThatSocketTimeoutAllows() throws Exception {
        try (PostgresServer server = newest();
                ReplicationConnection connection =
                        ReplicationConnection.open(server.jdbcUrl() + "?socketTimeout=1", server.superuser())) {
            assertThatThrownBy(() -> connection.query("select pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            ServerException.class, e -> assertThat(e.code()).isEqualTo("postgres.connection-lost"))
                    .hasMessageContaining("sent nothing for 1 s");
        }
    }

    private PostgresServer newest() {
        return PostgresServer.create(PostgresVersions.newest(), folder.resolve("data"))
                .start();
    }

    private static BaseBackupOptions slow() {
        return BaseBackupOptions.builder().maxRateKibibytesPerSecond(1024).build();
    }

    private static ReplicationConnection connect(PostgresServer server) {
        return ReplicationConnection.open(server.jdbcUrl(), server.superuser());
    }

    /** Does something at each piece of data. */
    private record Observer(Runnable onData) implements BaseBackupSink {
        @Override
        public void start(BaseBackupStart start) {}

        @Override
        public void archiveStart(BaseBackupArchive archive) {}

        @Override
        public void data(byte[] buffer, int offset, int length) {
            onData.run();
        }

        @Override
        public void archiveEnd() {}

        @Override
        public void manifest(byte[] buffer, int offset, int length) {}
    }
}

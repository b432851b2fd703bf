package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.archive.ArchiveOutcome;
import dev.pitr.archive.DamagedSegments;
import dev.pitr.archive.WalArchiver;
import dev.pitr.archive.WalConflictException;
import dev.pitr.archive.WalRejectedException;
import dev.pitr.catalog.Backup;
import dev.pitr.error.PitrException;
import dev.pitr.postgres.ServerException;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.recovery.RestoreRefusedException;
import dev.pitr.repository.RepositoryException;
import dev.pitr.restore.RestoreException;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with servers, files and repositories, and the error that a caller of {@code Pitr} gets for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {
    private static final String PASSWORD = "hush-hush";
    private static final String WRONG_PASSWORD = "loud";

    @TempDir
    static Path folder;

    private SmallServer small;
    private PostgresServer server;
    private Path wal;
    private List<String> ready;
    private Scene scene;

    @BeforeAll
    void startServer() {
        small = SmallServer.start(new Scene(folder), PostgresVersions.newest());
        server = small.server();
        wal = small.walWaitingToBeArchived(3);
        ready = SmallServer.waiting(wal, ".ready");
        server.execute(
                "create role replicator login replication password '" + PASSWORD + "'",
                "create role reader login password '" + PASSWORD + "'");
        server.authenticate(
                "host all postgres 127.0.0.1/32 trust",
                "host replication postgres 127.0.0.1/32 trust",
                "host all all 127.0.0.1/32 scram-sha-256",
                "host replication all 127.0.0.1/32 scram-sha-256");
    }

    @AfterAll
    void stopServer() {
        small.close();
    }

    @BeforeEach
    void makeScene(TestInfo test) {
        scene = new Scene(folder.resolve(test.getTestMethod().orElseThrow().getName()));
    }

    @Test
    void refusesAWrongPassword() {
        init();
        assertFails(
                () -> backup("replicator", WRONG_PASSWORD),
                ServerException.class,
                "postgres.wrong-password",
                "replicator");
    }

    @Test
    void refusesARoleWithoutReplication() {
        init();
        assertFails(
                () -> backup("reader", PASSWORD), ServerException.class, "postgres.no-replication-role", "REPLICATION");
    }

    @Test
    void refusesAServerThatWritesTooLittleWal() {
        try (PostgresServer minimal = PostgresServer.create(PostgresVersions.newest(), folder.resolve("minimal"))
                .setting("wal_level", "minimal")
                .setting("max_wal_senders", "0")
                .start()) {
            assertFails(
                    () -> scene.pitr().init(minimal.jdbcUrl(), minimal.superuser()),
                    ServerException.class,
                    "postgres.no-wal-senders",
                    "wal_level");
        }
    }

    @Test
    void refusesARepositoryThatWasNeverOpened() {
        assertFails(
                () -> backup("replicator", PASSWORD),
                RepositoryException.class,
                "repository.not-initialized",
                Scene.SERVICE);
        assertFails(
                () -> scene.pitr().archiver(), RepositoryException.class, "repository.not-initialized", Scene.SERVICE);
        assertThat(scene.repository().resolve(Scene.SERVICE)).doesNotExist();
    }

    @Test
    void refusesAnotherClustersSegmentsAndBackups() {
        init();
        Scene elsewhere = new Scene(scene.folder("elsewhere"));
        try (SmallServer other = SmallServer.start(elsewhere, PostgresVersions.newest())) {
            Path foreign = other.walWaitingToBeArchived(1);
            Path segment =
                    foreign.resolve(SmallServer.waiting(foreign, ".ready").get(0));
            assertFails(
                    () -> scene.pitr().archiver().build().archive(segment),
                    WalRejectedException.class,
                    "archive.other-cluster",
                    segment.toString());
            assertFails(
                    () -> JobProgram.backup(scene.pitr(), other.server().jdbcUrl()),
                    RepositoryException.class,
                    "repository.other-cluster",
                    "");
            assertFails(
                    () -> scene.pitr()
                            .init(other.server().jdbcUrl(), other.server().superuser()),
                    RepositoryException.class,
                    "repository.other-cluster",
                    "");
        }
        assertThat(StoredFiles.of(scene).wal()).isEmpty();
    }

    @Test
    void refusesATruncatedSegment() throws Exception {
        init();
        Path segment = copyOfSegment();
        Damage.cut(segment, Files.size(segment) - 1);
        assertFails(
                () -> scene.pitr().archiver().build().archive(segment),
                WalRejectedException.class,
                "archive.truncated",
                segment.toString());
    }

    @Test
    void showsWhereAnArchivedSegmentDiffersFromTheOfferedOne() throws Exception {
        init();
        WalArchiver archiver = ofDamagedSegmentsToo();
        Path segment = copyOfSegment();
        assertThat(archiver.archive(segment)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(archiver.archive(segment)).isEqualTo(ArchiveOutcome.ALREADY_ARCHIVED);
        Damage.flipBit(segment, 200_000);
        assertThatThrownBy(() -> archiver.archive(segment))
                .isInstanceOfSatisfying(
                        WalConflictException.class, e -> assertThat(e.offset()).isEqualTo(200_000));
        StoredFiles.of(scene).requireWholeWal(wal);
    }

    @Test
    void refusesASegmentWithAFlippedBit() throws Exception {
        init();
        Path segment = copyOfSegment();
        Damage.flipBit(segment, 200_000);
        assertThatThrownBy(() -> scene.pitr().archiver().build().archive(segment))
                .isInstanceOfSatisfying(
                        WalRejectedException.class,
                        e -> assertThat(e.reason()).isEqualTo(WalRejectedException.Reason.DAMAGED))
                .hasMessageContaining("checksum");
        assertThat(StoredFiles.of(scene).wal()).isEmpty();
    }

    @Test
    void letsOneOfTwoWritersWin() throws Exception {
        init();
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < ready.size(); round++) {
                Path name = Path.of(ready.get(round));
                Path left = Files.copy(wal.resolve(name), scene.folder("left").resolve(name));
                Path right =
                        Files.copy(wal.resolve(name), scene.folder(PASSWORD).resolve(name));
                Damage.flipBit(right, 300_000);
                List<Future<ArchiveOutcome>> outcomes = two.invokeAll(List.of(archiving(left), archiving(right)));
                int winner = conflicts(outcomes.get(0)) ? 1 : 0;
                assertThat(conflicts(outcomes.get(winner))).isFalse();
                assertThat(conflicts(outcomes.get(1 - winner))).isTrue();
                StoredFiles.of(scene).requireArchived(winner == 0 ? left : right);
            }
        } finally {
            two.shutdownNow();
        }
    }

    private Callable<ArchiveOutcome> archiving(Path file) {
        return () -> ofDamagedSegmentsToo().archive(file);
    }

    /** For two different segments under one name; by default the damaged one would be refused before they are compared. */
    private WalArchiver ofDamagedSegmentsToo() {
        return scene.pitr().archiver().damagedSegments(DamagedSegments.ARCHIVE).build();
    }

    private static boolean conflicts(Future<ArchiveOutcome> outcome) throws InterruptedException {
        try {
            outcome.get();
            return false;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(WalConflictException.class);
            return true;
        }
    }

    @Test
    void refusesADamagedPart() throws Exception {
        Path part = backedUpPart();
        Damage.flipBit(part, Files.size(part) / 2);
        requireRestoreFails("restore.damaged-part", part.getFileName().toString());
    }

    @Test
    void refusesATruncatedPart() throws Exception {
        Path part = backedUpPart();
        Damage.cut(part, Files.size(part) / 2);
        requireRestoreFails("restore.missing-object", part.getFileName().toString());
    }

    @Test
    void refusesAMissingPart() throws Exception {
        Path part = backedUpPart();
        Files.delete(part);
        assertThatThrownBy(this::restore)
                .isInstanceOf(PitrException.class)
                .hasMessageContaining(part.getFileName().toString());
        assertThat(scene.folder("target").resolve("data/global/pg_control")).doesNotExist();
    }

    @Test
    void listsADamagedRecordBesideWholeOnes() throws Exception {
        init();
        JobProgram.backup(scene.pitr(), server.jdbcUrl());
        JobProgram.backup(scene.pitr(), server.jdbcUrl());
        List<Backup> backups = scene.pitr().catalogue().backups();
        Path record = StoredFiles.of(scene).backup(backups.get(1).id()).resolve("backup.json");
        Damage.flipBit(record, Files.size(record) / 2);
        var listing = scene.pitr().repository().current().backups().list();
        assertThat(listing.backups()).containsExactly(backups.get(0));
        assertThat(listing.unreadable()).hasSize(1);
        RestorePlanBuilder newest = scene.pitr().plan(RecoveryTarget.immediate());
        assertThatThrownBy(newest::build)
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining(backups.get(1).id() + " can't be read");
        assertThat(newest.backup(backups.get(0).id()).build().backup()).isEqualTo(backups.get(0));
    }

    @Test
    void refusesATargetWithFilesInIt() throws Exception {
        backedUpPart();
        Path file = Files.writeString(scene.folder("target/data").resolve("precious"), "mine");
        requireRestoreFails("restore.target-not-empty", "target");
        assertThat(file).hasContent("mine");
    }

    @Test
    void survivesAFullDisk() throws Exception {
        backedUpPart();
        Path disk = scene.folder("disk");
        List<String> program = ChildJvm.command(
                FullDiskProgram.class,
                List.of(
                        disk.toString(),
                        server.jdbcUrl(),
                        wal.toString(),
                        scene.repository().toString()));
        List<String> command = new java.util.ArrayList<>(List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=4m none \"$0\" || exit 77; exec \"$@\"",
                disk.toString()));
        command.addAll(program);
        Path output = scene.folder("disk-output").resolve("output");
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        String said = Files.readString(output);
        Assumptions.assumeFalse(
                exit == 77 || said.startsWith("unshare:"), "This user can't mount a small disk: " + said);
        assertThat(exit).as(said).isZero();
    }

    private void init() {
        scene.pitr().init(server.jdbcUrl(), server.superuser());
    }

    private void backup(String user, String password) {
        Properties credentials = new Properties();
        credentials.setProperty("user", user);
        credentials.setProperty("password", password);
        scene.pitr().backup(server.jdbcUrl(), credentials).build().run();
    }

    private Path copyOfSegment() throws IOException {
        String name = ready.get(0);
        return Files.copy(wal.resolve(name), scene.folder("copy").resolve(name));
    }

    /** Takes a backup and returns one of its parts. */
    private Path backedUpPart() {
        init();
        JobProgram.backup(scene.pitr(), server.jdbcUrl());
        Backup backup = scene.pitr().catalogue().backups().get(0);
        String part = backup.objects().stream()
                .map(Backup.StoredObject::name)
                .filter(name -> name.startsWith("base/"))
                .reduce((a, b) -> b)
                .orElseThrow();
        return StoredFiles.of(scene).backup(backup.id()).resolve(part);
    }

    private void restore() {
        RestorePlan plan = scene.pitr().plan(RecoveryTarget.immediate()).build();
        scene.restore(plan, "target", Channel.STAGED, Map.of()).close();
    }

    private void requireRestoreFails(String code, String message) {
        assertFails(this::restore, RestoreException.class, code, message);
        assertThat(scene.folder("target").resolve("data/global/pg_control")).doesNotExist();
    }

    private static void assertFails(
            ThrowingCallable job, Class<? extends PitrException> type, String code, String message) {
        assertThatThrownBy(job)
                .isInstanceOfSatisfying(type, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message)
                .hasMessageNotContaining(WRONG_PASSWORD)
                .hasMessageNotContaining(PASSWORD);
    }
}

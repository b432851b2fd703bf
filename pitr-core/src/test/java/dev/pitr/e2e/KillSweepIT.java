package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Incarnation;
import dev.pitr.testing.PostgresVersions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs that are killed as by {@code kill -9}, at moments spread over the whole time that they take: nothing acknowledged is
 * missing, nothing half done is visible, and the repeated job succeeds. Prints at which phases the kills struck.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillSweepIT {
    private static final int FEW = 4;
    private static final int MANY = 50;

    @TempDir
    static Path folder;

    private Scene scene;
    private SmallServer small;

    @BeforeAll
    void startServer() {
        scene = new Scene(folder);
        small = SmallServer.start(scene, PostgresVersions.newest());
        scene.pitr().init(small.server().jdbcUrl(), small.server().superuser());
    }

    @AfterAll
    void stopServer() {
        small.close();
    }

    @Test
    void aKilledBackupIsNoBackup() throws Exception {
        killBackups(FEW);
    }

    @Test
    @Tag("soak")
    void aBackupKilledManyTimesIsNoBackup() throws Exception {
        killBackups(MANY);
    }

    @Test
    void aKilledArchiverHasAcknowledgedOnlyWhatIsStored() throws Exception {
        killArchivers(FEW);
    }

    @Test
    @Tag("soak")
    void anArchiverKilledManyTimesHasAcknowledgedOnlyWhatIsStored() throws Exception {
        killArchivers(MANY);
    }

    @Test
    void aKilledRestoreCannotStartAndResumes() throws Exception {
        killRestores(FEW);
    }

    @Test
    @Tag("soak")
    void aRestoreKilledManyTimesCannotStartAndResumes() throws Exception {
        killRestores(MANY);
    }

    private void killBackups(int kills) throws Exception {
        Incarnation incarnation = scene.pitr().repository().current();
        List<String> job =
                List.of(scene.repository().toString(), "backup", small.server().jdbcUrl());
        int completed = incarnation.backups().list().backups().size() + 1;
        Duration whole = KilledJob.measure(job);
        Map<String, Integer> phases = new TreeMap<>();
        for (int i = 0; i < kills; i++) {
            String phase = KilledJob.killAfter(moment(whole, i, kills), job);
            phases.merge(phase, 1, Integer::sum);
            BackupStore.Listing listing = StoredFiles.of(scene).requireWholeBackups(incarnation);
            // Killed between its last write and its last word, a backup exists although it didn't say so.
            assertThat(listing.backups().size()).isBetween(completed + (phase.equals("done") ? 1 : 0), completed + 1);
            completed = listing.backups().size();
        }
        print("backup", whole, phases);
        removeRemains(incarnation);
        KilledJob.measure(job);
        small.requireRestorable(scene, "after-killed-backups-" + kills);
    }

    /** What killed backups left is listed, protected by its lease, and can be removed afterwards. */
    private static void removeRemains(Incarnation incarnation) {
        for (BackupStore.Started remains : incarnation.backups().list().unfinished()) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .untilAsserted(() -> incarnation.backups().removeUnfinished(remains.id()));
        }
        assertThat(incarnation.backups().list().unfinished()).isEmpty();
    }

    private void killArchivers(int kills) throws Exception {
        Path original = small.walWaitingToBeArchived(10);
        Duration whole = null;
        Map<String, Integer> phases = new TreeMap<>();
        for (int i = -1; i < kills; i++) {
            Scene fresh = new Scene(scene.folder("archive-" + kills + "-" + i));
            fresh.pitr().init(small.server().jdbcUrl(), small.server().superuser());
            Path wal = Trees.copy(original, fresh.folder("pg_wal"));
            List<String> job = List.of(fresh.repository().toString(), "archive", wal.toString());
            if (whole == null) {
                whole = KilledJob.measure(job);
                continue;
            }
            KilledJob.killAfter(moment(whole, i, kills), job);
            StoredFiles stored = StoredFiles.of(fresh);
            stored.requireWholeWal(original);
            List<String> acknowledged = SmallServer.waiting(wal, ".done");
            for (String name : acknowledged) {
                stored.requireArchived(original.resolve(name));
            }
            phases.merge(acknowledged.size() + " files acknowledged", 1, Integer::sum);
            JobProgram.archive(fresh.pitr(), wal);
            assertThat(SmallServer.waiting(wal, ".ready")).isEmpty();
            stored.requireWholeWal(original);
            assertThat(stored.wal().keySet()).containsAll(SmallServer.waiting(original, ".ready"));
        }
        print("archive", whole, phases);
    }

    private void killRestores(int kills) throws Exception {
        JobProgram.backup(scene.pitr(), small.server().jdbcUrl());
        Path measured = scene.folder("restore-measured-" + kills);
        Duration whole = KilledJob.measure(restore(measured));
        Map<String, Integer> phases = new TreeMap<>();
        for (int i = 0; i < kills; i++) {
            Path home = scene.folder("restore-" + kills + "-" + i);
            String phase = KilledJob.killAfter(moment(whole, i, kills), restore(home));
            phases.merge(phase, 1, Integer::sum);
            Path data = home.resolve("data");
            if (!phase.equals("done") && !Files.exists(data.resolve("global/pg_control"))) {
                SmallServer.requireRefusedByServer(PostgresVersions.newest(), data);
                JobProgram.restore(scene.pitr(), home);
            }
            small.requireRows(PostgresVersions.newest(), data);
            Trees.delete(home);
        }
        print("restore", whole, phases);
    }

    private List<String> restore(Path home) {
        return List.of(scene.repository().toString(), "restore", home.toString());
    }

    /** Moments from 0 to 100 % of the measured duration, evenly spread. */
    private static Duration moment(Duration whole, int kill, int kills) {
        return whole.multipliedBy(kill).dividedBy(kills - 1);
    }

    private static void print(String job, Duration whole, Map<String, Integer> phases) {
        System.out.println("Kills of " + job + ", which takes " + whole.toMillis() + " ms, by phase: " + phases);
    }
}

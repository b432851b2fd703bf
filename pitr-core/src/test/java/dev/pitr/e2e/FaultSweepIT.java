package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.Pitr;
import dev.pitr.error.PitrException;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.WalDelivery;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.testkit.FaultSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault at every storage call of archive, backup and restore, on a folder and with a real server: nothing
 * acknowledged is missing, nothing half done is visible, and the repeated job succeeds. Prints how many calls there are.
 *
 * <p>The untagged tests go through some of the positions only; the tests tagged {@code soak} go through all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultSweepIT {
    private static final int ALL = 1;

    @TempDir
    static Path folder;

    private Scene scene;
    private SmallServer small;

    /** A copy, since each backup leaves more WAL in the server's own. */
    private Path waitingWal;

    private int trials;

    @BeforeAll
    void startServer() {
        scene = new Scene(folder);
        small = SmallServer.start(scene, PostgresVersions.newest());
        scene.pitr().init(small.server().jdbcUrl(), small.server().superuser());
        waitingWal = copy(small.walWaitingToBeArchived(3), scene.folder("waiting"));
    }

    private static Path copy(Path wal, Path target) {
        try {
            return Trees.copy(wal, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void stopServer() {
        small.close();
    }

    @Test
    void archivingSurvivesAnyFault() {
        sweep("archive", ArchiveTrial::new, ALL);
    }

    @Test
    void aBackupSurvivesFaults() {
        sweep("backup", BackupTrial::new, 9);
    }

    @Test
    @Tag("soak")
    void aBackupSurvivesAnyFault() {
        sweep("backup", BackupTrial::new, ALL);
    }

    @Test
    void aRestoreSurvivesFaults() {
        restores(9);
    }

    @Test
    @Tag("soak")
    void aRestoreSurvivesAnyFault() {
        restores(ALL);
    }

    private void restores(int stride) {
        JobProgram.backup(scene.pitr(), small.server().jdbcUrl());
        Path home = scene.folder("restored");
        RestoreTrial.restore(scene.pitr(), home);
        SortedMap<String, String> expected = Trees.describe(home);
        assertThat(expected.keySet()).anyMatch(name -> name.startsWith("space-"));
        small.requireRows(PostgresVersions.newest(), home.resolve("data"));
        Trees.delete(home);
        sweep("restore", () -> new RestoreTrial(home, expected), stride);
    }

    private static void sweep(String job, Supplier<FaultSweep.Trial> trials, int stride) {
        FaultSweep.Report report = FaultSweep.of(job, trials).everyNth(stride).run();
        System.out.println("Faults in " + job + ": " + report.positions() + " storage calls, " + report.faults()
                + " runs with a fault at every " + (stride == 1 ? "" : stride + "th ") + "call: " + report.runs());
    }

    /** A repository of its own for each trial, open for the server's cluster. */
    private abstract class RepositoryTrial implements FaultSweep.Trial {
        final Scene own = new Scene(scene.folder("trial-" + trials++));
        private final ObjectStorage storage = FileSystemStorage.at(own.repository());

        RepositoryTrial() {
            own.pitr().init(small.server().jdbcUrl(), small.server().superuser());
        }

        @Override
        public ObjectStorage storage() {
            return storage;
        }

        @Override
        public void close() {
            storage.close();
            Trees.delete(own.repository().getParent());
        }
    }

    private final class ArchiveTrial extends RepositoryTrial {
        private final Path wal = copy(waitingWal, own.folder("pg_wal"));

        @Override
        public void run(ObjectStorage storage) {
            JobProgram.archive(Pitr.at(storage, Scene.SERVICE), wal);
        }

        @Override
        public void check(@Nullable PitrException failure) throws IOException {
            StoredFiles stored = StoredFiles.of(own);
            stored.requireWholeWal(waitingWal);
            for (String acknowledged : SmallServer.waiting(wal, ".done")) {
                stored.requireArchived(waitingWal.resolve(acknowledged));
            }
            assertThat(SmallServer.waiting(wal, ".ready").isEmpty()).isEqualTo(failure == null);
        }
    }

    private final class BackupTrial extends RepositoryTrial {
        @Override
        public void run(ObjectStorage storage) {
            JobProgram.backup(Pitr.at(storage, Scene.SERVICE), small.server().jdbcUrl());
        }

        @Override
        public void check(@Nullable PitrException failure) throws IOException {
            int backups = StoredFiles.of(own)
                    .requireWholeBackups(own.pitr().repository().current())
                    .backups()
                    .size();
            if (failure == null) {
                assertThat(backups).isPositive();
            }
        }

        @Override
        public void checkRepeated() throws IOException {
            check(null);
            // Checks every file against the server's own manifest.
            RestoreTrial.restore(own.pitr(), own.folder("restored"));
        }
    }

    /** Reads one repository; each trial's target lies in the same place, so that the same files are expected. */
    private final class RestoreTrial implements FaultSweep.Trial {
        private final ObjectStorage storage = FileSystemStorage.at(scene.repository());
        private final Path home;
        private final SortedMap<String, String> expected;
        private boolean acknowledged;

        RestoreTrial(Path home, SortedMap<String, String> expected) {
            this.home = home;
            this.expected = expected;
        }

        static void restore(Pitr pitr, Path home) {
            var plan = pitr.plan(RecoveryTarget.immediate())
                    .action(TargetAction.PROMOTE)
                    .build();
            var builder = pitr.restore(plan, home.resolve("data")).wal(new WalDelivery.Staged());
            plan.backup().tablespaces().forEach(tablespace -> {
                long oid = Integer.toUnsignedLong(tablespace.oid());
                builder.tablespace(oid, home.resolve("space-" + oid));
            });
            builder.build().execute().close();
        }

        @Override
        public ObjectStorage storage() {
            return storage;
        }

        @Override
        public void run(ObjectStorage broken) {
            if (acknowledged) {
                // What is complete isn't resumed: it would be somebody's server.
                Trees.delete(home);
            }
            restore(Pitr.at(broken, Scene.SERVICE), home);
        }

        @Override
        public void check(@Nullable PitrException failure) {
            acknowledged = failure == null;
            if (acknowledged) {
                assertThat(Trees.describe(home)).isEqualTo(expected);
            } else {
                assertThat(Files.exists(home.resolve("data/global/pg_control"))).isFalse();
            }
        }

        @Override
        public void close() {
            storage.close();
            Trees.delete(home);
        }
    }
}

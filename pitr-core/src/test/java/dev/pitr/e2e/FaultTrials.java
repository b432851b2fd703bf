package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.Pitr;
import dev.pitr.error.PitrException;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.WalDelivery;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.testkit.HttpFaultSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Archive, backup and restore of a small real server, to be repeated under faults, with what must hold after each:
 * nothing acknowledged is missing, nothing half done is visible. Owns the server.
 */
public final class FaultTrials implements AutoCloseable {
    private final Function<Path, Site> sites;
    private final Scene scene;
    private final SmallServer small;

    /** A copy, since each backup leaves more WAL in the server's own. */
    private final Path waitingWal;

    private int trials;

    private FaultTrials(Function<Path, Site> sites, Scene scene, SmallServer small, Path waitingWal) {
        this.sites = sites;
        this.scene = scene;
        this.small = small;
        this.waitingWal = waitingWal;
    }

    /**
     * Starts the server.
     *
     * @param folder an empty folder for all trials
     * @param sites makes an empty place for the repository of each trial, given a folder that doesn't exist
     * @return the trials
     */
    public static FaultTrials start(Path folder, Function<Path, Site> sites) {
        Scene scene = new Scene(folder, sites.apply(folder.resolve("repository")));
        SmallServer small = SmallServer.start(scene, PostgresVersions.newest());
        scene.pitr().init(small.server().jdbcUrl(), small.server().superuser());
        return new FaultTrials(sites, scene, small, copy(small.walWaitingToBeArchived(3), scene.folder("waiting")));
    }

    private static Path copy(Path wal, Path target) {
        try {
            return Trees.copy(wal, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the archiving of some WAL.
     *
     * @return makes one trial
     */
    public Supplier<HttpFaultSweep.Trial> archive() {
        return ArchiveTrial::new;
    }

    /**
     * Returns a base backup.
     *
     * @return makes one trial
     */
    public Supplier<HttpFaultSweep.Trial> backup() {
        return BackupTrial::new;
    }

    /**
     * Takes a backup, restores and starts it, and returns the restoring of it.
     *
     * @return makes one trial
     */
    public Supplier<HttpFaultSweep.Trial> restore() {
        JobProgram.backup(scene.pitr(), small.server().jdbcUrl());
        Path home = scene.folder("restored");
        RestoreTrial.restore(scene.pitr(), home);
        SortedMap<String, String> expected = Trees.describe(home);
        assertThat(expected.keySet()).anyMatch(name -> name.startsWith("space-"));
        small.requireRows(PostgresVersions.newest(), home.resolve("data"));
        Trees.delete(home);
        return () -> new RestoreTrial(home, expected);
    }

    @Override
    public void close() {
        small.close();
        scene.site().storage().close();
    }

    /** A repository of its own for each trial, open for the server's cluster. */
    private abstract class RepositoryTrial implements HttpFaultSweep.Trial {
        final Scene own;

        RepositoryTrial() {
            Path folder = scene.folder("trial-" + trials++);
            own = new Scene(folder, sites.apply(folder.resolve("repository")));
            own.pitr().init(small.server().jdbcUrl(), small.server().superuser());
        }

        @Override
        public ObjectStorage storage() {
            return own.site().storage();
        }

        @Override
        public ObjectStorage openThrough(URI proxy) {
            return own.site().openThrough(proxy);
        }

        @Override
        public void close() {
            storage().close();
            Trees.delete(own.folder());
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
    private final class RestoreTrial implements HttpFaultSweep.Trial {
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
            return scene.site().storage();
        }

        @Override
        public ObjectStorage openThrough(URI proxy) {
            return scene.site().openThrough(proxy);
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
            Trees.delete(home);
        }
    }
}

package dev.pitr.e2e;

import dev.pitr.backup.BaseBackupResult;
import dev.pitr.catalog.Backup;
import dev.pitr.e2e.CommitOrder.Commit;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.repository.Codec;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Restores to every kind of target, from backups taken under load in every compression, with WAL through every channel:
 * each server starts, says that it stopped where asked, and holds exactly the rows that {@link History} knows of.
 *
 * <p>A subclass says where the repository is.
 */
public abstract class RestoreMatrix {
    private static final int WRITERS = 4;
    private static final int TRANSACTIONS_BETWEEN = 150;
    private static final List<Channel> CHANNELS = List.of(Channel.values());
    private static final List<TargetAction> ACTIONS =
            List.of(TargetAction.PROMOTE, TargetAction.PAUSE, TargetAction.SHUTDOWN);
    private static final String RESTORE_POINT = "before the mistake";
    private static final List<String> CODECS = List.of("zstd", "gzip", "none");

    @TempDir
    Path folder;

    /** A restore and its expected end: how the server's log names the stop, and the rows. */
    private record Case(String name, RecoveryTarget target, String stop, SortedSet<Row> rows) {}

    /**
     * Makes the place for a test's repository.
     *
     * @param folder an empty folder of the test
     * @return an empty place
     */
    protected abstract Site site(Path folder);

    /**
     * Says that only every n-th case is restored. Every fourth is a sample that meets each channel, each compression and
     * each action once.
     *
     * @return 1 for all, unless overridden
     */
    protected int stride() {
        return 1;
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresExactlyToEachKindOfTarget(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder, site(folder.resolve("repository")));
        List<Backup> backups = new ArrayList<>();
        List<Case> cases = liveAndBackUp(scene, version, backups);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> restores = new ArrayList<>();
            for (int i = 0; i < cases.size(); i += stride()) {
                Case restore = cases.get(i);
                // Each channel meets each compression and each action.
                Backup backup = backups.get(i % backups.size());
                Channel channel = CHANNELS.get((i / 3) % CHANNELS.size());
                TargetAction action = ACTIONS.get((i + i / 3) % ACTIONS.size());
                restores.add(two.submit(() -> {
                    restore(scene, restore, backup, channel, action);
                    return null;
                }));
            }
            for (Future<?> restore : restores) {
                restore.get();
            }
        } finally {
            two.shutdownNow();
        }
    }

    private List<Case> liveAndBackUp(Scene scene, PostgresVersion version, List<Backup> backups) throws Exception {
        PostgresServer.Builder builder =
                scene.server(version, Workload.SETTINGS).walSegmentMebibytes(segmentMebibytes(version));
        try (ArchivedServer archived = ArchivedServer.of(builder.start(), scene.pitr())) {
            PostgresServer server = archived.server();
            Tables.create(server, folder);
            try (Workload workload = Workload.start(server, WRITERS, version.major())) {
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                for (String codec : CODECS) {
                    BaseBackupResult result =
                            archived.backup().codec(Codec.parse(codec)).build().run();
                    backups.add(result.backup());
                }
                Lsn backedUp = archived.position();
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                workload.restorePoint(RESTORE_POINT);
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                Lsn later = archived.position();
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                archived.archiveAll();
                archived.stopArchiving();
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                return cases(scene, workload.stop(), backedUp, later, archived.segmentSize());
            }
        }
    }

    /**
     * Says how large the segments are: different ones for different versions, unless overridden. Small ones mean many
     * files.
     *
     * @param version the server's
     * @return a power of two from 1
     */
    protected int segmentMebibytes(PostgresVersion version) {
        return List.of(1, 4, 16).get(version.major() % 3);
    }

    private static List<Case> cases(Scene scene, History history, Lsn backedUp, Lsn later, WalSegmentSize size)
            throws IOException {
        Commit early = history.timeTargetBehind(backedUp);
        Commit late = history.timeTargetBehind(later);
        Commit next = history.commitBehind(late.end());
        // Told by the files that lie there and by what the server wrote into them, not by the code under test.
        StoredFiles stored = StoredFiles.of(scene);
        Lsn end = WalSegment.parse(stored.newestSegment(), size).next().start();
        Lsn secondBackupEnd = stored.backupEnds().get(1);
        return List.of(
                new Case(
                        "time",
                        RecoveryTarget.time(late.time()),
                        "recovery stopping before ",
                        history.throughTime(late.time())),
                new Case(
                        "time-exclusive",
                        RecoveryTarget.time(late.time()).exclusive(),
                        "recovery stopping before ",
                        history.beforeTime(late.time())),
                new Case(
                        "time-early",
                        RecoveryTarget.time(early.time()),
                        "recovery stopping before ",
                        history.throughTime(early.time())),
                new Case(
                        "xid",
                        RecoveryTarget.xid(late.xid()),
                        "recovery stopping after commit of transaction " + late.xid() + ",",
                        history.through(late)),
                new Case(
                        "xid-exclusive",
                        RecoveryTarget.xid(late.xid()).exclusive(),
                        "recovery stopping before commit of transaction " + late.xid() + ",",
                        history.before(late)),
                new Case(
                        "xid-early",
                        RecoveryTarget.xid(early.xid()),
                        "recovery stopping after commit of transaction " + early.xid() + ",",
                        history.through(early)),
                new Case(
                        "lsn",
                        RecoveryTarget.lsn(next.start()),
                        "recovery stopping after WAL location (LSN) \"" + next.start() + "\"",
                        history.through(next)),
                new Case(
                        "lsn-exclusive",
                        RecoveryTarget.lsn(next.start()).exclusive(),
                        "recovery stopping before WAL location (LSN) \"" + next.start() + "\"",
                        history.before(next)),
                new Case(
                        "name",
                        RecoveryTarget.name(RESTORE_POINT),
                        "recovery stopping at restore point \"" + RESTORE_POINT + "\"",
                        history.atRestorePoint(RESTORE_POINT)),
                // Tenth and eleventh: their turns are the action promote, and the second backup.
                new Case("latest", RecoveryTarget.latest(), "archive recovery complete", history.endingBy(end)),
                new Case(
                        "immediate",
                        RecoveryTarget.immediate(),
                        "recovery stopping after reaching consistency",
                        history.endingBy(secondBackupEnd)));
    }

    private static void restore(Scene scene, Case restore, Backup backup, Channel channel, TargetAction action)
            throws Exception {
        RestorePlan plan = scene.pitr()
                .plan(restore.target())
                .action(action)
                .backup(backup.id())
                .build();
        try (RestoreResult restored = scene.restore(plan, restore.name(), channel)) {
            RestoredServer.check(plan, restored, action, restore.stop(), restore.rows());
        }
    }
}

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
 */
class RestoreMatrixIT {
    private static final int WRITERS = 4;
    private static final int TRANSACTIONS_BETWEEN = 150;
    private static final List<Channel> CHANNELS = List.of(Channel.values());
    private static final List<String> CODECS = List.of("zstd", "gzip", "none");

    @TempDir
    Path folder;

    /** A restore and its expected end: how the server's log names the stop, and the rows. */
    private record Case(
            String name, RecoveryTarget target, TargetAction action, String stop, SortedSet<Row> rows, Backup backup) {}

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void restoresExactlyToEachKindOfTarget(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        List<Case> cases = liveAndBackUp(scene, version);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> restores = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                Case restore = cases.get(i);
                // With the backups in turn, each channel meets each compression.
                Channel channel = CHANNELS.get((i / CODECS.size()) % CHANNELS.size());
                restores.add(two.submit(() -> {
                    restore(scene, restore, channel);
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

    private List<Case> liveAndBackUp(Scene scene, PostgresVersion version) throws Exception {
        PostgresServer.Builder builder =
                scene.server(version, Workload.SETTINGS).walSegmentMebibytes(segmentMebibytes(version));
        try (ArchivedServer archived = ArchivedServer.of(builder.start(), scene.pitr())) {
            PostgresServer server = archived.server();
            Tables.create(server, folder);
            try (Workload workload = Workload.start(server, WRITERS, version.major())) {
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                List<Backup> backups = new ArrayList<>();
                for (String codec : CODECS) {
                    BaseBackupResult result =
                            archived.backup().codec(Codec.parse(codec)).build().run();
                    backups.add(result.backup());
                }
                Lsn backedUp = archived.position();
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                workload.restorePoint("before the mistake");
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                Lsn later = archived.position();
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                archived.archiveAll();
                archived.stopArchiving();
                // Told by the files that lie there, not by the code under test.
                String newest = StoredFiles.of(scene).newestSegment();
                Lsn end =
                        WalSegment.parse(newest, archived.segmentSize()).next().start();
                workload.awaitTransactions(TRANSACTIONS_BETWEEN);
                return cases(workload.stop(), backups, backedUp, later, end);
            }
        }
    }

    /** Different segment sizes for different versions: small ones mean many files. */
    private static int segmentMebibytes(PostgresVersion version) {
        return List.of(1, 4, 16).get(version.major() % 3);
    }

    private static List<Case> cases(History history, List<Backup> backups, Lsn backedUp, Lsn later, Lsn end) {
        Commit early = history.timeTargetBehind(backedUp);
        Commit late = history.timeTargetBehind(later);
        Commit next = history.commitBehind(late.end());
        List<Case> cases = new ArrayList<>();
        Cases add = (name, target, action, stop, rows) ->
                cases.add(new Case(name, target, action, stop, rows, backups.get(cases.size() % backups.size())));
        add.of(
                "time",
                RecoveryTarget.time(late.time()),
                TargetAction.PROMOTE,
                "recovery stopping before ",
                history.throughTime(late.time()));
        add.of(
                "time-exclusive",
                RecoveryTarget.time(late.time()).exclusive(),
                TargetAction.PAUSE,
                "recovery stopping before ",
                history.beforeTime(late.time()));
        add.of(
                "time-early",
                RecoveryTarget.time(early.time()),
                TargetAction.SHUTDOWN,
                "recovery stopping before ",
                history.throughTime(early.time()));
        add.of(
                "xid",
                RecoveryTarget.xid(late.xid()),
                TargetAction.PAUSE,
                "recovery stopping after commit of ",
                history.through(late));
        add.of(
                "xid-exclusive",
                RecoveryTarget.xid(late.xid()).exclusive(),
                TargetAction.PROMOTE,
                "recovery stopping before commit of ",
                history.before(late));
        add.of(
                "xid-early",
                RecoveryTarget.xid(early.xid()),
                TargetAction.PROMOTE,
                "recovery stopping after commit of ",
                history.through(early));
        add.of(
                "lsn",
                RecoveryTarget.lsn(next.start()),
                TargetAction.SHUTDOWN,
                "recovery stopping after WAL location (LSN) \"" + next.start() + "\"",
                history.through(next));
        add.of(
                "lsn-exclusive",
                RecoveryTarget.lsn(next.start()).exclusive(),
                TargetAction.PROMOTE,
                "recovery stopping before WAL location (LSN) \"" + next.start() + "\"",
                history.before(next));
        add.of(
                "name",
                RecoveryTarget.name("before the mistake"),
                TargetAction.PROMOTE,
                "recovery stopping at restore point \"before the mistake\"",
                history.atRestorePoint("before the mistake"));
        Backup third = backups.get(cases.size() % backups.size());
        add.of(
                "immediate",
                RecoveryTarget.immediate(),
                TargetAction.PAUSE,
                "recovery stopping after reaching consistency",
                history.endingBy(third.stopLsn()));
        add.of(
                "latest",
                RecoveryTarget.latest(),
                TargetAction.PROMOTE,
                "archive recovery complete",
                history.endingBy(end));
        return cases;
    }

    @FunctionalInterface
    private interface Cases {
        void of(String name, RecoveryTarget target, TargetAction action, String stop, SortedSet<Row> rows);
    }

    private static void restore(Scene scene, Case restore, Channel channel) throws Exception {
        RestorePlan plan = scene.pitr()
                .plan(restore.target())
                .action(restore.action())
                .backup(restore.backup().id())
                .build();
        try (RestoreResult restored = scene.restore(plan, restore.name(), channel)) {
            RestoredServer.check(plan, restored, restore.action(), restore.stop(), restore.rows());
        }
    }
}

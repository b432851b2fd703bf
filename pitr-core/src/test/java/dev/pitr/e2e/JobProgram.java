package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.archive.ArchiveReport;
import dev.pitr.archive.ReadyFiles;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.progress.ProgressListener;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.WalDelivery;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * One job in a JVM of its own, to be killed. Prints {@code ready} when it starts to work, its phases, and {@code done}.
 */
final class JobProgram {
    private static final long SMALL_PARTS = 1 << 20;
    private static final Duration SHORT_LEASE = Duration.ofSeconds(3);

    /** Slow enough that the copy, not the cold start of the JVM, takes most of a killed backup's time. */
    private static final long KILLED_BACKUP_RATE_BYTES_PER_SECOND = 4 << 20;

    private static String phase = "";

    private JobProgram() {}

    /** Arguments: repository folder; then archive and a pg_wal, backup and a URL, or restore and a home folder. */
    public static void main(String[] arguments) {
        try (ObjectStorage storage = FileSystemStorage.at(Path.of(arguments[0]))) {
            Pitr pitr = Pitr.at(storage, Scene.SERVICE);
            pitr.repository().current();
            enter("ready");
            switch (arguments[1]) {
                case "archive" -> archive(pitr, Path.of(arguments[2]));
                case "backup" ->
                    describe(pitr, arguments[2])
                            .maxRate(KILLED_BACKUP_RATE_BYTES_PER_SECOND)
                            .progress(progress())
                            .build()
                            .run();
                case "restore" -> restore(pitr, Path.of(arguments[2]));
                default -> throw new IllegalArgumentException(arguments[1]);
            }
            enter("done");
        }
    }

    private static synchronized void enter(String next) {
        if (!next.equals(phase)) {
            phase = next;
            System.out.println(next);
        }
    }

    private static ProgressListener progress() {
        return progress -> enter(progress.phase());
    }

    static void archive(Pitr pitr, Path walDirectory) {
        ArchiveReport report =
                pitr.archiver().readyFiles(ReadyFiles.RENAME_TO_DONE).build().archiveReady(walDirectory);
        if (!report.isComplete()) {
            throw report.failures().get(0).error();
        }
    }

    static void backup(Pitr pitr, String url) {
        describe(pitr, url).build().run();
    }

    private static BaseBackupBuilder describe(Pitr pitr, String url) {
        return pitr.backup(url, user()).partSize(SMALL_PARTS).lease(SHORT_LEASE).carryWal();
    }

    static Properties user() {
        Properties user = new Properties();
        user.setProperty("user", "postgres");
        return user;
    }

    static void restore(Pitr pitr, Path home) {
        RestorePlan plan = pitr.plan(RecoveryTarget.immediate())
                .action(TargetAction.PROMOTE)
                .build();
        pitr.restore(plan, home.resolve("data"))
                .wal(new WalDelivery.Staged())
                .progress(progress())
                .build()
                .execute()
                .close();
    }
}

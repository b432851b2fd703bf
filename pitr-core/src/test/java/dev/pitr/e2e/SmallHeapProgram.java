package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.backup.BaseBackupResult;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.WalDelivery;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** One backup or one restore with two jobs, in a JVM of its own whose heap is small. */
final class SmallHeapProgram {
    static final String SERVICE = "large";

    private static final int JOBS = 2;

    private SmallHeapProgram() {}

    /** Runs this class with a heap of so many mebibytes; its output goes where this process's goes. */
    static void run(int heapMebibytes, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapProgram.class.getName()));
        List.of(arguments).forEach(argument -> command.add(argument.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.inputReader().lines().forEach(System.out::println);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new AssertionError("With a heap of " + heapMebibytes + " MiB, " + arguments[0] + " exits " + exit);
        }
    }

    /** Arguments: backup, a repository and a URL; or restore, a repository and a new data directory. */
    public static void main(String[] arguments) {
        long start = System.nanoTime();
        try (ObjectStorage storage = FileSystemStorage.at(Path.of(arguments[1]))) {
            Pitr pitr = Pitr.at(storage, SERVICE);
            switch (arguments[0]) {
                case "backup" -> backup(pitr, arguments[2]);
                case "restore" -> restore(pitr, Path.of(arguments[2]));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
        System.out.printf("%s: %.1f s%n", arguments[0], (System.nanoTime() - start) / 1e9);
    }

    private static void backup(Pitr pitr, String url) {
        Properties user = new Properties();
        user.setProperty("user", "postgres");
        BaseBackupResult result =
                pitr.backup(url, user).jobs(JOBS).carryWal().build().run();
        System.out.println(result);
    }

    private static void restore(Pitr pitr, Path target) {
        RestorePlan plan = pitr.plan(RecoveryTarget.immediate())
                .action(TargetAction.PROMOTE)
                .build();
        pitr.restore(plan, target)
                .jobs(JOBS)
                .wal(new WalDelivery.Staged())
                .build()
                .execute()
                .close();
    }
}

package dev.pitr.examples.bench;

import dev.pitr.examples.cli.PitrCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times {@code pitr backup} and {@code pitr restore} beside {@code tar | zstd} and {@code zstd -d | tar} on one data
 * directory, in turn, process by process from start to exit.
 *
 * <p>What pitr writes is on disk when it exits. What {@code tar} and {@code zstd} write is not; therefore the time that
 * {@code sync} takes right after them is measured too.
 */
@Command(
        name = "BackupBenchmark",
        mixinStandardHelpOptions = true,
        description = "Needs tar, zstd and sync, and free disk of four times the data.")
public final class BackupBenchmark implements Callable<Integer> {
    @Option(names = "--folder", required = true, paramLabel = "DIR", description = "Works in a new folder below it.")
    private Path parent = Path.of("");

    @Option(names = "--mebibytes", paramLabel = "N", description = "Size of the table, default ${DEFAULT-VALUE}.")
    private int mebibytes = 4096;

    @Option(names = "--files", paramLabel = "N", description = "Number of small files, default ${DEFAULT-VALUE}.")
    private int files;

    @Option(names = "--rounds", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(names = "--jobs", paramLabel = "N", description = "Threads of pitr and zstd, default ${DEFAULT-VALUE}.")
    private int jobs = 2;

    @Option(names = "--compression", paramLabel = "CODEC", description = "pitr's, default ${DEFAULT-VALUE}.")
    private String compression = "zstd:3";

    @Option(names = "--heap", paramLabel = "SIZE", description = "pitr's -Xmx, default ${DEFAULT-VALUE}.")
    private String heap = "256m";

    private final Samples backup = new Samples("pitr backup");
    private final Samples tar = new Samples("tar | zstd");
    private final Samples tarSync = new Samples("tar | zstd, sync");
    private final Samples restore = new Samples("pitr restore");
    private final Samples untar = new Samples("zstd -d | tar");
    private final Samples untarSync = new Samples("zstd -d | tar, sync");

    private BackupBenchmark() {}

    /**
     * Measures, prints and exits.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BackupBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Samples> all = List.of(backup, tar, tarSync, restore, untar, untarSync);
        Path folder = Files.createTempDirectory(Files.createDirectories(parent), "pitr-benchmark");
        try (BenchmarkCluster cluster = BenchmarkCluster.start(folder.resolve("data"))) {
            cluster.fillTable(mebibytes);
            cluster.writeFiles(files);
            long bytes = cluster.sizeBytes();
            System.out.printf("%,d MB in %,d files%n", bytes / 1_000_000, cluster.fileCount());
            for (int round = 1; round <= rounds; round++) {
                round(cluster, Files.createDirectory(folder.resolve("round" + round)));
                System.out.printf("Round %d of %d:", round, rounds);
                all.forEach(job ->
                        System.out.printf(" %s %.1f s;", job.name(), job.last().seconds()));
                System.out.println();
            }
            Samples.print(bytes, List.of(backup, tar, tarSync), tar);
            Samples.print(bytes, List.of(restore, untar, untarSync), untar);
        }
        TimedProcess.run("rm", "-rf", folder.toString());
        return 0;
    }

    private void round(BenchmarkCluster cluster, Path folder) throws IOException, InterruptedException {
        Path repository = folder.resolve("repository");
        Path archive = folder.resolve("archive.tar.zst");
        TimedProcess.run(pitr(repository, "init", "--url", cluster.url()));
        settle();
        backup.add(TimedProcess.run(pitr(
                repository,
                "backup",
                "--url",
                cluster.url(),
                "--compression",
                compression,
                "--jobs",
                Integer.toString(jobs),
                "--carry-wal")));
        settle();
        // The server leaves out the same.
        TimedProcess packed = TimedProcess.shell(
                "tar c -C \"$0\" --exclude './pg_wal/*' --exclude ./postmaster.pid . | zstd -q -3 -T$1 -o \"$2\"",
                cluster.dataDirectory(),
                jobs,
                archive);
        tar.add(packed);
        tarSync.add(packed.and(TimedProcess.run("sync", archive.toString())));
        if (restore.isEmpty()) {
            System.out.printf("tar | zstd stores %,d MB%n", Files.size(archive) / 1_000_000);
        }

        settle();
        restore.add(TimedProcess.run(pitr(
                repository,
                "restore",
                "--target-immediate",
                "--to",
                folder.resolve("restored").toString(),
                "--jobs",
                Integer.toString(jobs))));
        settle();
        Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
        TimedProcess extracted = TimedProcess.shell("zstd -d -q -c \"$0\" | tar x -C \"$1\"", archive, unpacked);
        untar.add(extracted);
        untarSync.add(extracted.and(TimedProcess.run("sync", "-f", unpacked.toString())));
        TimedProcess.run("rm", "-rf", folder.toString());
    }

    /** What was written before must not be flushed at the next one's expense. */
    private static void settle() throws IOException, InterruptedException {
        TimedProcess.run("sync");
    }

    private String[] pitr(Path repository, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                PitrCommand.class.getName(),
                "--repository",
                repository.toUri().toString(),
                "--cluster",
                "benchmark"));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }
}

package dev.pitr.examples.bench;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.progress.ProgressListener;
import dev.pitr.recovery.RecoveryWindowCalculator;
import dev.pitr.recovery.RecoveryWindows;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.repository.StoredWalIndex;
import dev.pitr.storage.Content;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times the recovery window of a repository with very many segments, on a filesystem, from the pages and roll-ups of its
 * index; counts the requests.
 *
 * <p>Pages and roll-ups are made by the real builder from real, if small, segments. So that the disk needn't hold all of
 * these at once, they are removed batch by batch once they are indexed, but for the first ones and the last batch.
 */
@Command(name = "WindowBenchmark", mixinStandardHelpOptions = true)
public final class WindowBenchmark implements Callable<Integer> {
    private static final int BATCH = 256 * 256;
    private static final int KEPT = 256;
    private static final int WHOLE = 16;

    @Option(names = "--folder", required = true, paramLabel = "DIR", description = "Where the repository is made.")
    private Path folder = Path.of("");

    @Option(names = "--segments", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private long segments = 1_000_000;

    @Option(names = "--rounds", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 5;

    private final InMemoryStorage memory = new InMemoryStorage();
    private final Incarnation inMemory =
            Repository.builder(memory, "big").walCompressionLevel(1).build().init(MadeSegments.CLUSTER);
    private List<ObjectInfo> stored = List.of();

    private WindowBenchmark() {}

    /**
     * Measures, prints and exits.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new WindowBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        try (FileSystemStorage files = FileSystemStorage.at(Files.createDirectories(folder))) {
            if (!Files.exists(folder.resolve("big"))) {
                make(files);
            }
            CountedRequests requests = new CountedRequests();
            for (int round = 0; round < rounds; round++) {
                requests.reset();
                measure(requests.around(files), requests);
            }
        }
        return 0;
    }

    private void measure(ObjectStorage storage, CountedRequests requests) {
        Incarnation incarnation = Repository.at(storage, "big").current();
        long processorStart = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        StoredWalIndex index = incarnation.index();
        Catalogue found = incarnation.catalogue(index);
        long listed = System.nanoTime();
        RecoveryWindows windows =
                RecoveryWindowCalculator.of(withBackup(found), index).windows();
        long done = System.nanoTime();
        long processor = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - processorStart;
        System.gc();
        long heap = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        System.out.printf(
                "%,d segments: catalogue %.3f s, windows %.3f s, together %.3f s (%.3f s of processor); requests %s; heap in use %,d MB of %,d%n",
                found.wal().segmentCount(),
                (listed - start) / 1e9,
                (done - listed) / 1e9,
                (done - start) / 1e9,
                processor / 1e9,
                requests.counts(),
                heap / 1_000_000,
                Runtime.getRuntime().maxMemory() / 1_000_000);
        System.out.println(windows.describe());
    }

    /** A backup taken in the first segments, as if its record were in the repository. */
    private static Catalogue withBackup(Catalogue found) {
        Catalogue.Builder catalogue = Catalogue.builder(found.identity()).wal(found.wal());
        catalogue.backup(backup());
        return catalogue.build();
    }

    private static Backup backup() {
        Lsn start = MadeSegments.segment(2).start().plus(WalPageHeader.BYTES);
        Instant time = Instant.parse("2025-05-08T22:00:00Z");
        return Backup.builder()
                .id("20250508T220000Z-0000")
                .identity(MadeSegments.CLUSTER)
                .serverVersion("17.6")
                .label("benchmark")
                .time(time, time.plusSeconds(1))
                .start(TimelineId.FIRST, start, start)
                .stop(TimelineId.FIRST, MadeSegments.segment(3).start())
                .baseRawSizeBytes(1)
                .fileCount(1)
                .compression("zstd:3")
                .fromStandby()
                .object(new Backup.StoredObject("base/00001.tar.zst", 1, "0".repeat(64)))
                .build();
    }

    private void make(FileSystemStorage files) throws IOException {
        Incarnation incarnation = Repository.at(files, "big").init(MadeSegments.CLUSTER);
        MadeSegments made = new MadeSegments();
        for (long first = 1, last; first <= segments; first = last + 1) {
            last = Math.min(segments, first / BATCH * BATCH + BATCH - 1);
            for (long number = first; number <= last; number++) {
                byte[] page = made.next(number);
                // Those at both ends are looked into.
                boolean isWhole = number <= WHOLE || number > segments - WHOLE;
                store(
                        number,
                        isWhole
                                ? Arrays.copyOf(
                                        page, MadeSegments.CLUSTER.segmentSize().bytes())
                                : page);
            }
            System.out.println(incarnation.index().build(ProgressListener.NONE));
            for (long number = Math.max(KEPT + 1, first); number <= last && last < segments; number++) {
                Files.delete(file(number));
            }
        }
    }

    /** As the store writes it, but without a flush to the disk for each. */
    private void store(long number, byte[] bytes) throws IOException {
        memory.delete(stored.stream().map(ObjectInfo::key).toList());
        inMemory.wal().create(new WalFileName.Segment(MadeSegments.segment(number)), Content.of(bytes));
        try (Stream<ObjectInfo> objects = memory.list("big/17-7512345678901234567/wal/", "")) {
            stored = objects.toList();
        }
        for (ObjectInfo object : stored) {
            Path file = folder.resolve(object.key().value());
            Files.createDirectories(file.getParent());
            try (InputStream in = memory.open(object.key())) {
                Files.write(file, in.readAllBytes());
            }
        }
    }

    private Path file(long number) {
        String name = MadeSegments.segment(number).name();
        return folder.resolve("big/17-7512345678901234567/wal/00000001")
                .resolve(name.substring(0, 16))
                .resolve(name + ".zst");
    }
}

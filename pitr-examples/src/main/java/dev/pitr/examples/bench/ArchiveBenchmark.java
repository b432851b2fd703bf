package dev.pitr.examples.bench;

import dev.pitr.repository.Repository;
import dev.pitr.repository.WalStore;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.SegmentScan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what the summary of a segment costs on top of archiving it (two hashes, compression, a store in memory): the
 * processor time of the scan alone, beside that of the rest, over the segments of a folder.
 */
@Command(name = "ArchiveBenchmark", mixinStandardHelpOptions = true)
public final class ArchiveBenchmark implements Callable<Integer> {
    private static final int CHUNK_BYTES = 128 << 10;

    @Option(names = "--wal", required = true, paramLabel = "DIR", description = "Segments of one cluster.")
    private Path folder = Path.of("");

    @Option(names = "--rounds", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 40;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private ArchiveBenchmark() {}

    /**
     * Measures, prints and exits.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ArchiveBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        SortedMap<WalSegment, byte[]> segments = new TreeMap<>();
        WalPageHeader first = null;
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            first = WalPageHeader.parse(bytes);
            segments.put(WalSegment.parse(file.getFileName().toString(), new WalSegmentSize(bytes.length)), bytes);
        }
        if (first == null) {
            throw new IllegalArgumentException("No segments in " + folder);
        }
        ClusterIdentity cluster = new ClusterIdentity(first.systemIdentifier(), first.version(), first.segmentSize());
        for (int round = 1; round <= rounds; round++) {
            measure(round, cluster, segments);
        }
        return 0;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .sorted()
                    .toList();
        }
    }

    private void measure(int round, ClusterIdentity cluster, SortedMap<WalSegment, byte[]> segments) {
        long start = threads.getCurrentThreadCpuTime();
        segments.forEach((segment, bytes) -> scan(cluster, segment, bytes));
        long scanned = threads.getCurrentThreadCpuTime();
        WalStore store =
                Repository.at(new InMemoryStorage(), "main").init(cluster).wal();
        segments.forEach((segment, bytes) -> store.create(new WalFileName.Segment(segment), Content.of(bytes)));
        long archived = threads.getCurrentThreadCpuTime();
        double megabytes =
                segments.values().stream().mapToLong(bytes -> bytes.length).sum() / 1e6;
        double scan = (scanned - start) / 1e9;
        double rest = (archived - scanned) / 1e9 - scan;
        System.out.printf(
                Locale.ROOT,
                "Round %d: scan %.0f MB/s, archive without it %.0f MB/s, its cost on top %.1f %%%n",
                round,
                megabytes / scan,
                megabytes / rest,
                100 * scan / rest);
    }

    private static void scan(ClusterIdentity cluster, WalSegment segment, byte[] bytes) {
        SegmentScan scan = SegmentScan.of(segment, cluster.version());
        for (int at = 0; at < bytes.length; at += CHUNK_BYTES) {
            scan.feed(bytes, at, Math.min(CHUNK_BYTES, bytes.length - at));
        }
        scan.finish();
    }
}

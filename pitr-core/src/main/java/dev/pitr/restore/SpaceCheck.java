package dev.pitr.restore;

import dev.pitr.catalog.Tablespace;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares what a restore will write with the free space of each filesystem that it writes to. */
final class SpaceCheck {
    /** A filesystem gives out whole blocks: half of one is lost for each file, on average. */
    private static final long LOST_BYTES_PER_FILE = 2048;

    /** Recovery keeps a few segments in pg_wal at a time. */
    private static final int SEGMENTS_IN_PG_WAL = 4;

    /** What {@link dev.pitr.archive.WalServer} keeps ready. */
    private static final long SERVED_AHEAD_BYTES = 256L << 20;

    private final Map<FileStore, Need> needs = new LinkedHashMap<>();

    private SpaceCheck() {}

    private static final class Need {
        private long bytes;
        private final List<String> folders = new ArrayList<>();
    }

    static List<Finding> check(RestoreOptions options) {
        SpaceCheck check = new SpaceCheck();
        try {
            check.addAll(options);
            return check.findings();
        } catch (IOException e) {
            throw TargetErrors.of("look up the free space for", options.target(), e);
        }
    }

    private void addAll(RestoreOptions options) throws IOException {
        long segmentBytes = options.plan().identity().segmentSize().bytes();
        add(
                options.target(),
                options.backup().baseRawSizeBytes()
                        + options.backup().fileCount() * LOST_BYTES_PER_FILE
                        + SEGMENTS_IN_PG_WAL * segmentBytes);
        for (Tablespace tablespace : options.backup().tablespaces()) {
            Path folder = options.tablespaces().get(Integer.toUnsignedLong(tablespace.oid()));
            if (folder != null) {
                add(folder, tablespace.rawSizeBytes());
            }
        }
        add(options.walFolder(), walBytes(options));
    }

    private static long walBytes(RestoreOptions options) {
        int segments = options.plan().segments().size();
        boolean allAtOnce = options.plan().usesCarriedWal() || options.wal() instanceof WalDelivery.Staged;
        long bytes = (long) segments * options.plan().identity().segmentSize().bytes();
        return allAtOnce ? bytes : Math.min(bytes, SERVED_AHEAD_BYTES);
    }

    private void add(Path folder, long bytes) throws IOException {
        FileStore store = Files.getFileStore(TargetState.nearestExisting(folder));
        Need need = needs.computeIfAbsent(store, s -> new Need());
        need.bytes += Math.max(0, bytes - presentBytes(folder));
        need.folders.add(folder.toString());
    }

    /** What an interrupted run has brought already. */
    private static long presentBytes(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long[] sum = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    private List<Finding> findings() throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Map.Entry<FileStore, Need> entry : needs.entrySet()) {
            long free = entry.getKey().getUsableSpace();
            Need need = entry.getValue();
            if (need.bytes > free) {
                findings.add(Finding.error(
                        "restore.no-space",
                        "Cannot restore into " + String.join(" and ", need.folders) + ": " + size(need.bytes)
                                + " are needed on that filesystem and " + size(free)
                                + " are free. Make room, or choose another filesystem."));
            }
        }
        return findings;
    }

    static String size(long bytes) {
        return bytes < 10L << 20
                ? String.format(Locale.ROOT, "%,d bytes", bytes)
                : String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }
}

package dev.pitr.restore;

import dev.pitr.postgres.BackupManifest;
import dev.pitr.postgres.ManifestChecksum;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The files of a backup manifest by path, some 50 bytes each plus the path, and which of them have been written.
 * Thread-safe once built.
 */
final class ManifestIndex {
    private static final int ABSENT = -1;

    private final List<byte[]> pages;
    private final int[] positions;
    private final int[] slots;
    private final BitSet claimed = new BitSet();

    private ManifestIndex(List<byte[]> pages, int[] positions) {
        this.pages = pages;
        this.positions = positions;
        this.slots = new int[Integer.highestOneBit(Math.max(8, positions.length)) << 2];
        Arrays.fill(slots, ABSENT);
        for (int file = 0; file < positions.length; file++) {
            insert(file);
        }
    }

    /**
     * Reads a server's manifest, without what it says of {@code pg_wal}, which no restored cluster takes over.
     *
     * @throws dev.pitr.postgres.ServerFileException if it is damaged
     */
    static ManifestIndex read(InputStream manifest) {
        Builder builder = new Builder();
        BackupManifest.read(manifest, file -> {
            // A server that sends its WAL lists the archive_status files beside it, but not the WAL.
            if (!file.path().startsWith("pg_wal/")) {
                builder.add(file.path(), file.sizeBytes(), file.checksum());
            }
        });
        return builder.build();
    }

    private void insert(int file) {
        byte[] path = pathBytes(file);
        int slot = slotOf(path);
        if (slots[slot] != ABSENT) {
            throw new RestoreException(
                    "restore.bad-manifest",
                    "Cannot use the backup manifest: it lists " + path(file) + " twice. The backup is not usable.");
        }
        slots[slot] = file;
    }

    /** Finds the slot that holds this path, or the free one where it belongs. */
    private int slotOf(byte[] path) {
        int mask = slots.length - 1;
        int slot = spread(Arrays.hashCode(path)) & mask;
        while (slots[slot] != ABSENT && !holds(slots[slot], path)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 15);
    }

    private boolean holds(int file, byte[] path) {
        byte[] page = page(file);
        int at = offset(file);
        return Arrays.equals(page, at + 2, at + 2 + pathLength(page, at), path, 0, path.length);
    }

    /**
     * Finds a file.
     *
     * @param path as in the manifest
     * @return its number, negative if it isn't listed
     */
    int find(String path) {
        return slots[slotOf(path.getBytes(StandardCharsets.UTF_8))];
    }

    int size() {
        return positions.length;
    }

    String path(int file) {
        return new String(pathBytes(file), StandardCharsets.UTF_8);
    }

    long sizeBytes(int file) {
        byte[] page = page(file);
        int at = afterPath(file);
        long size = 0;
        for (int i = 0; i < 8; i++) {
            size = size << 8 | (page[at + i] & 0xFF);
        }
        return size;
    }

    ManifestChecksum checksum(int file) {
        int length = page(file)[afterPath(file) + 8];
        return Arrays.stream(ManifestChecksum.values())
                .filter(algorithm -> algorithm.lengthBytes() == length)
                .findFirst()
                .orElseThrow();
    }

    boolean matches(int file, byte[] computed) {
        byte[] page = page(file);
        int at = afterPath(file) + 9;
        return Arrays.equals(page, at, at + page[at - 1], computed, 0, computed.length);
    }

    /** Marks a file as dealt with; false if it was before. */
    boolean claim(int file) {
        synchronized (claimed) {
            boolean free = !claimed.get(file);
            claimed.set(file);
            return free;
        }
    }

    int unclaimedCount() {
        synchronized (claimed) {
            return positions.length - claimed.cardinality();
        }
    }

    /** The first files, in the manifest's order, that nobody has dealt with. */
    List<String> unclaimed(int limit) {
        synchronized (claimed) {
            List<String> paths = new ArrayList<>();
            for (int file = claimed.nextClearBit(0);
                    file < positions.length && paths.size() < limit;
                    file = claimed.nextClearBit(file + 1)) {
                paths.add(path(file));
            }
            return paths;
        }
    }

    private byte[] pathBytes(int file) {
        byte[] page = page(file);
        int at = offset(file);
        return Arrays.copyOfRange(page, at + 2, at + 2 + pathLength(page, at));
    }

    private int afterPath(int file) {
        int at = offset(file);
        return at + 2 + pathLength(page(file), at);
    }

    private static int pathLength(byte[] page, int at) {
        return (page[at] & 0xFF) << 8 | (page[at + 1] & 0xFF);
    }

    private byte[] page(int file) {
        return pages.get(positions[file] / Builder.PAGE_BYTES);
    }

    private int offset(int file) {
        return positions[file] % Builder.PAGE_BYTES;
    }

    /** Collects the files of a manifest, in its order. One thread. */
    static final class Builder {
        static final int PAGE_BYTES = 1 << 20;
        private static final int MAX_PATH_BYTES = 4096;
        /** Positions are ints, so that a page number and an offset fit. */
        private static final int MAX_PAGES = Integer.MAX_VALUE / PAGE_BYTES;

        private final List<byte[]> pages = new ArrayList<>();
        private int[] positions = new int[1024];
        private int count;
        private int used = PAGE_BYTES;

        void add(String path, long sizeBytes, byte[] checksum) {
            byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
            if (bytes.length == 0 || bytes.length > MAX_PATH_BYTES || isNoChecksum(checksum)) {
                throw new RestoreException(
                        "restore.bad-manifest",
                        "Cannot use the backup manifest: its entry \"" + path + "\" is malformed.");
            }
            int at = reserve(2 + bytes.length + 9 + checksum.length);
            byte[] page = pages.get(pages.size() - 1);
            page[at] = (byte) (bytes.length >>> 8);
            page[at + 1] = (byte) bytes.length;
            System.arraycopy(bytes, 0, page, at + 2, bytes.length);
            int rest = at + 2 + bytes.length;
            for (int i = 0; i < 8; i++) {
                page[rest + i] = (byte) (sizeBytes >>> (56 - 8 * i));
            }
            page[rest + 8] = (byte) checksum.length;
            System.arraycopy(checksum, 0, page, rest + 9, checksum.length);
        }

        /** An algorithm is told by the length of what it computes. */
        private static boolean isNoChecksum(byte[] checksum) {
            return Arrays.stream(ManifestChecksum.values()).noneMatch(a -> a.lengthBytes() == checksum.length);
        }

        private int reserve(int length) {
            if (used + length > PAGE_BYTES) {
                if (pages.size() == MAX_PAGES) {
                    throw new RestoreException(
                            "restore.bad-manifest", "Cannot use the backup manifest: it lists too many files.");
                }
                pages.add(new byte[PAGE_BYTES]);
                used = 0;
            }
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, count * 2);
            }
            int at = used;
            positions[count++] = (pages.size() - 1) * PAGE_BYTES + at;
            used += length;
            return at;
        }

        ManifestIndex build() {
            return new ManifestIndex(List.copyOf(pages), Arrays.copyOf(positions, count));
        }
    }
}

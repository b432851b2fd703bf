package dev.pitr.repository;

import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.WalSegmentSize;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which pages and roll-ups of an incarnation's index are stored, by one listing of their names.
 *
 * @param complete log ids that have a complete page
 * @param open log ids that have an open page
 * @param rollups first log ids of the groups that have a roll-up
 */
record IndexListing(NavigableSet<LogId> complete, NavigableSet<LogId> open, NavigableSet<LogId> rollups) {
    static IndexListing read(ObjectStorage storage, ObjectKey incarnation, WalSegmentSize size) {
        IndexListing listing = new IndexListing(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        String folder = RepositoryLayout.index(incarnation);
        try (Stream<ObjectInfo> objects = storage.list(folder, "")) {
            objects.forEach(object -> listing.add(object.key().value(), folder, size));
        }
        return listing;
    }

    private void add(String key, String folder, WalSegmentSize size) {
        find(key, folder, RepositoryLayout.COMPLETE_PAGE, size).ifPresent(complete::add);
        find(key, folder, RepositoryLayout.OPEN_PAGE, size).ifPresent(open::add);
        find(key, folder, RepositoryLayout.ROLLUP, size)
                .filter(logId -> logId.equals(logId.group()))
                .ifPresent(rollups::add);
    }

    private static Optional<LogId> find(String key, String folder, String suffix, WalSegmentSize size) {
        int start = folder.length() + 9;
        int end = key.length() - suffix.length();
        return key.endsWith(suffix) && start < end
                ? LogId.parse(key.substring(start, end), size)
                        .filter(logId -> key.startsWith(logId.timeline().toHex() + "/", folder.length()))
                : Optional.empty();
    }
}

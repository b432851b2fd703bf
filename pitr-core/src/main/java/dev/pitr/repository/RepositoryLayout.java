package dev.pitr.repository;

import dev.pitr.storage.ObjectKey;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.Optional;

/** Where everything lies: the one place that knows the names of format 1. */
final class RepositoryLayout {
    static final String BACKUP_RECORD = "backup.json";
    static final String STARTED_RECORD = "started.json";
    static final String PARTS_INDEX = "parts.json.zst";
    static final String MANIFEST = "manifest.json.zst";
    static final String COMPLETE_PAGE = ".page.zst";
    static final String OPEN_PAGE = ".open.zst";
    static final String ROLLUP = ".rollup.zst";
    static final String HISTORY = ".history.zst";
    private static final String CONTAINER_SUFFIX = ".zst";

    private RepositoryLayout() {}

    /** The folder, with its slash, that holds one ordinal object for each opened incarnation. */
    static String ordinals(ObjectKey repository) {
        return repository.value() + "/incarnations/";
    }

    static ObjectKey ordinal(ObjectKey repository, long number) {
        return new ObjectKey(ordinals(repository) + String.format("%08d", number) + ".json");
    }

    static ObjectKey incarnation(ObjectKey repository, ClusterIdentity identity) {
        return repository.resolve(identity.version() + "-" + Long.toUnsignedString(identity.systemIdentifier()));
    }

    static ObjectKey clusterRecord(ObjectKey incarnation) {
        return incarnation.resolve("cluster.json");
    }

    /** The folder of all WAL, with its slash. */
    static String wal(ObjectKey incarnation) {
        return incarnation.value() + "/wal/";
    }

    /** The folder of a timeline's segments, with its slash. */
    static String timeline(ObjectKey incarnation, TimelineId timeline) {
        return wal(incarnation) + timeline.toHex() + "/";
    }

    static ObjectKey segment(ObjectKey incarnation, WalSegment segment) {
        return new ObjectKey(wal(incarnation) + segmentPath(segment.name()));
    }

    /** The folder of a log id's segments, without a slash. */
    static String segmentFolder(ObjectKey incarnation, LogId logId) {
        return timeline(incarnation, logId.timeline()) + logId.name();
    }

    static ObjectKey walFile(ObjectKey incarnation, WalFileName file) {
        return new ObjectKey(wal(incarnation) + walPath(file));
    }

    private static String walPath(WalFileName file) {
        String name = file.name();
        if (file instanceof WalFileName.Segment) {
            return segmentPath(name);
        }
        return file instanceof WalFileName.History
                ? name + CONTAINER_SUFFIX
                : name.substring(0, 8) + "/" + name + CONTAINER_SUFFIX;
    }

    private static String segmentPath(String name) {
        return name.substring(0, 8) + "/" + name.substring(0, 16) + "/" + name + CONTAINER_SUFFIX;
    }

    /** The WAL file under a key below {@link #wal}; empty for what isn't ours. */
    static Optional<WalFileName> walFile(String key, int walFolderLength, WalSegmentSize size) {
        int end = key.length() - CONTAINER_SUFFIX.length();
        int start = key.lastIndexOf('/') + 1;
        return key.endsWith(CONTAINER_SUFFIX) && start < end
                ? WalFileName.find(key.substring(start, end), size)
                        .filter(file -> key.substring(walFolderLength).equals(walPath(file)))
                : Optional.empty();
    }

    /** The folder of the index, with its slash. */
    static String index(ObjectKey incarnation) {
        return incarnation.value() + "/index/";
    }

    /** The page of a log id of which every segment is archived. */
    static ObjectKey completePage(ObjectKey incarnation, LogId logId) {
        return indexObject(incarnation, logId, COMPLETE_PAGE);
    }

    /** The page of a log id of which segments are missing, or still to come. */
    static ObjectKey openPage(ObjectKey incarnation, LogId logId) {
        return indexObject(incarnation, logId, OPEN_PAGE);
    }

    /** The roll-up of the log ids that belong to the same group. */
    static ObjectKey rollup(ObjectKey incarnation, LogId group) {
        return indexObject(incarnation, group, ROLLUP);
    }

    private static ObjectKey indexObject(ObjectKey incarnation, LogId logId, String suffix) {
        return new ObjectKey(index(incarnation) + logId.timeline().toHex() + "/" + logId.name() + suffix);
    }

    /** The folder of all backups, with its slash. */
    static String backups(ObjectKey incarnation) {
        return incarnation.value() + "/backups/";
    }

    /** The folder of one backup, without a slash. */
    static ObjectKey backup(ObjectKey incarnation, String id) {
        return new ObjectKey(backups(incarnation) + id);
    }
}

package dev.pitr.catalog;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link Backup}. An option that is set twice fails, {@link #build()} names what is missing. Used by one
 * thread.
 */
public final class BackupBuilder {
    private @Nullable String id;
    private @Nullable ClusterIdentity identity;
    private @Nullable String serverVersion;
    private @Nullable String label;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Lsn startLsn;
    private @Nullable Lsn checkpointLsn;
    private @Nullable TimelineId startTimeline;
    private @Nullable Lsn stopLsn;
    private @Nullable TimelineId stopTimeline;
    private @Nullable Long baseRawSizeBytes;
    private @Nullable Long fileCount;
    private @Nullable String compression;
    private boolean fromStandby;
    private final List<Tablespace> tablespaces = new ArrayList<>();
    private final List<Backup.StoredObject> objects = new ArrayList<>();
    private final List<WalSegment> carriedWal = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, String> externalConfigFiles = new TreeMap<>();
    private final Map<String, String> collationVersions = new TreeMap<>();
    private final List<String> preloadLibraries = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    BackupBuilder() {}

    /** All that a backup tells; lives apart so that equality comes from the language. */
    record Facts(
            String id,
            ClusterIdentity identity,
            String serverVersion,
            String label,
            Instant startedAt,
            Instant finishedAt,
            Lsn startLsn,
            Lsn checkpointLsn,
            TimelineId startTimeline,
            Lsn stopLsn,
            TimelineId stopTimeline,
            boolean fromStandby,
            long baseRawSizeBytes,
            long fileCount,
            String compression,
            List<Tablespace> tablespaces,
            List<Backup.StoredObject> objects,
            List<WalSegment> carriedWal,
            Map<String, String> settings,
            Map<String, String> externalConfigFiles,
            Map<String, String> collationVersions,
            List<String> preloadLibraries,
            List<String> warnings) {}

    /**
     * Sets the identifier. Required.
     *
     * @param value one key component
     * @return this
     */
    public BackupBuilder id(String value) {
        id = once(id, value, "id");
        return this;
    }

    /**
     * Sets whose backup it is. Required.
     *
     * @param value the cluster
     * @return this
     */
    public BackupBuilder identity(ClusterIdentity value) {
        identity = once(identity, value, "identity");
        return this;
    }

    /**
     * Sets the full server version. Required.
     *
     * @param value such as {@code 18.3}
     * @return this
     */
    public BackupBuilder serverVersion(String value) {
        serverVersion = once(serverVersion, value, "serverVersion");
        return this;
    }

    /**
     * Sets the label that was given to the server. Required.
     *
     * @param value free text
     * @return this
     */
    public BackupBuilder label(String value) {
        label = once(label, value, "label");
        return this;
    }

    /**
     * Sets when it started and ended. Required.
     *
     * @param start when it started, by the server's clock where known
     * @param finish when the server ended it
     * @return this
     */
    public BackupBuilder time(Instant start, Instant finish) {
        startedAt = once(startedAt, start, "time");
        finishedAt = finish;
        return this;
    }

    /**
     * Sets where recovery starts to read. Required.
     *
     * @param timeline the timeline of the redo position
     * @param redo {@code START WAL LOCATION} of backup_label
     * @param checkpoint {@code CHECKPOINT LOCATION} of backup_label
     * @return this
     */
    public BackupBuilder start(TimelineId timeline, Lsn redo, Lsn checkpoint) {
        startTimeline = once(startTimeline, timeline, "start");
        startLsn = redo;
        checkpointLsn = checkpoint;
        return this;
    }

    /**
     * Sets where it is consistent. Required.
     *
     * @param timeline the timeline of the stop position
     * @param lsn the first consistent position
     * @return this
     */
    public BackupBuilder stop(TimelineId timeline, Lsn lsn) {
        stopTimeline = once(stopTimeline, timeline, "stop");
        stopLsn = lsn;
        return this;
    }

    /**
     * Says that it was taken from a standby; without this, from a primary.
     *
     * @return this
     */
    public BackupBuilder fromStandby() {
        fromStandby = true;
        return this;
    }

    /**
     * Sets the size of the data directory's files, unpacked. Required.
     *
     * @param value bytes, without tablespaces
     * @return this
     */
    public BackupBuilder baseRawSizeBytes(long value) {
        baseRawSizeBytes = once(baseRawSizeBytes, value, "baseRawSizeBytes");
        return this;
    }

    /**
     * Sets the number of files. Required.
     *
     * @param value how many, tablespaces included
     * @return this
     */
    public BackupBuilder fileCount(long value) {
        fileCount = once(fileCount, value, "fileCount");
        return this;
    }

    /**
     * Sets how the parts are compressed. Required.
     *
     * @param value such as {@code zstd:3}
     * @return this
     */
    public BackupBuilder compression(String value) {
        compression = once(compression, value, "compression");
        return this;
    }

    /**
     * Adds a tablespace outside the data directory.
     *
     * @param value the tablespace
     * @return this
     */
    public BackupBuilder tablespace(Tablespace value) {
        tablespaces.add(value);
        return this;
    }

    /**
     * Adds an object of the backup. At least one is required.
     *
     * @param value the object
     * @return this
     */
    public BackupBuilder object(Backup.StoredObject value) {
        objects.add(value);
        return this;
    }

    /**
     * Adds objects of the backup.
     *
     * @param values the objects
     * @return this
     */
    public BackupBuilder objects(Collection<Backup.StoredObject> values) {
        objects.addAll(values);
        return this;
    }

    /**
     * Adds segments that the backup carries in parts of its own, so that it can be restored without the archive.
     *
     * @param values the segments, from the start position's to the stop position's
     * @return this
     */
    public BackupBuilder carriedWal(Collection<WalSegment> values) {
        carriedWal.addAll(values);
        return this;
    }

    /**
     * Adds a server setting.
     *
     * @param name such as {@code max_connections}
     * @param value as SHOW prints it
     * @return this
     */
    public BackupBuilder setting(String name, String value) {
        putOnce(settings, name, value, "setting");
        return this;
    }

    /**
     * Adds the content of a configuration file outside the data directory.
     *
     * @param path its absolute path on the server
     * @param text its content
     * @return this
     */
    public BackupBuilder externalConfigFile(String path, String text) {
        putOnce(externalConfigFiles, path, text, "externalConfigFile");
        return this;
    }

    /**
     * Adds the version of a collation provider.
     *
     * @param provider {@code libc} or {@code icu}, or a collation's name
     * @param version as the server reports it
     * @return this
     */
    public BackupBuilder collationVersion(String provider, String version) {
        putOnce(collationVersions, provider, version, "collationVersion");
        return this;
    }

    /**
     * Adds a library that the server needs to start.
     *
     * @param name as in {@code shared_preload_libraries}
     * @return this
     */
    public BackupBuilder preloadLibrary(String name) {
        preloadLibraries.add(name);
        return this;
    }

    /**
     * Adds what the server warned of while it sent the backup.
     *
     * @param message the message
     * @return this
     */
    public BackupBuilder warning(String message) {
        warnings.add(message);
        return this;
    }

    /**
     * Builds the backup.
     *
     * @return the backup
     * @throws IllegalStateException if a required option was not set
     * @throws IllegalArgumentException if options contradict each other
     */
    public Backup build() {
        Facts facts = new Facts(
                required(id, "id"),
                required(identity, "identity"),
                required(serverVersion, "serverVersion"),
                required(label, "label"),
                required(startedAt, "time"),
                required(finishedAt, "time"),
                required(startLsn, "start"),
                required(checkpointLsn, "start"),
                required(startTimeline, "start"),
                required(stopLsn, "stop"),
                required(stopTimeline, "stop"),
                fromStandby,
                required(baseRawSizeBytes, "baseRawSizeBytes"),
                required(fileCount, "fileCount"),
                required(compression, "compression"),
                tablespaces.stream()
                        .sorted(Comparator.comparingLong(t -> Integer.toUnsignedLong(t.oid())))
                        .toList(),
                List.copyOf(objects),
                carriedWal.stream().sorted().toList(),
                Collections.unmodifiableMap(new TreeMap<>(settings)),
                Collections.unmodifiableMap(new TreeMap<>(externalConfigFiles)),
                Collections.unmodifiableMap(new TreeMap<>(collationVersions)),
                List.copyOf(preloadLibraries),
                List.copyOf(warnings));
        check(facts);
        return new Backup(facts);
    }

    private static void check(Facts facts) {
        if (facts.stopLsn().isBefore(facts.startLsn())) {
            throw new IllegalArgumentException("Backup " + facts.id() + " stops at " + facts.stopLsn()
                    + ", before its start at " + facts.startLsn());
        }
        if (facts.stopTimeline().compareTo(facts.startTimeline()) < 0) {
            throw new IllegalArgumentException("Backup " + facts.id() + " stops on timeline " + facts.stopTimeline()
                    + ", which is older than timeline " + facts.startTimeline() + " of its start");
        }
        if (facts.baseRawSizeBytes() < 0
                || facts.fileCount() < 1
                || facts.objects().isEmpty()) {
            throw new IllegalArgumentException("Backup " + facts.id() + " is empty: " + facts.baseRawSizeBytes()
                    + " bytes, " + facts.fileCount() + " files, "
                    + facts.objects().size() + " objects");
        }
        checkDistinct(facts);
    }

    private static void checkDistinct(Facts facts) {
        Set<String> names =
                facts.objects().stream().map(Backup.StoredObject::name).collect(Collectors.toSet());
        Set<Integer> oids = facts.tablespaces().stream().map(Tablespace::oid).collect(Collectors.toSet());
        if (names.size() < facts.objects().size()
                || oids.size() < facts.tablespaces().size()) {
            throw new IllegalArgumentException("Backup " + facts.id() + " names an object or a tablespace twice");
        }
    }

    private static <T> T once(@Nullable T present, T value, String option) {
        if (present != null) {
            throw new IllegalStateException(option + " is set twice");
        }
        return value;
    }

    private static void putOnce(Map<String, String> map, String name, String value, String option) {
        if (map.putIfAbsent(name, value) != null) {
            throw new IllegalStateException(option + " " + name + " is set twice");
        }
    }

    private static <T> T required(@Nullable T value, String option) {
        if (value == null) {
            throw new IllegalStateException("Cannot describe a backup: " + option + " is missing");
        }
        return value;
    }
}

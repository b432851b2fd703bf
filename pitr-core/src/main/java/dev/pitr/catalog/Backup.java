package dev.pitr.catalog;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A complete base backup, as its record in the repository tells. Immutable; equal if all that it tells is equal. Made by
 * {@link BackupBuilder}; grows with releases.
 */
public final class Backup {
    private final BackupBuilder.Facts facts;

    Backup(BackupBuilder.Facts facts) {
        this.facts = facts;
    }

    /**
     * Starts a backup's description.
     *
     * @return a builder
     */
    public static BackupBuilder builder() {
        return new BackupBuilder();
    }

    /**
     * Returns the identifier: the UTC time of the start and a few random characters.
     *
     * @return for example {@code 20261120T142642Z-4f1c}
     */
    public String id() {
        return facts.id();
    }

    /**
     * Returns whose backup this is.
     *
     * @return the cluster
     */
    public ClusterIdentity identity() {
        return facts.identity();
    }

    /**
     * Returns the full server version.
     *
     * @return such as {@code 18.3}
     */
    public String serverVersion() {
        return facts.serverVersion();
    }

    /**
     * Returns the free text that was given to the server.
     *
     * @return the label
     */
    public String label() {
        return facts.label();
    }

    /**
     * Returns when the backup started, by the server's clock where known.
     *
     * @return the time
     */
    public Instant startedAt() {
        return facts.startedAt();
    }

    /**
     * Returns when the server ended the backup: the stop position was taken at or before this.
     *
     * @return the time
     */
    public Instant finishedAt() {
        return facts.finishedAt();
    }

    /**
     * Returns the redo position, where recovery starts to read.
     *
     * @return {@code START WAL LOCATION} of backup_label
     */
    public Lsn startLsn() {
        return facts.startLsn();
    }

    /**
     * Returns the position of the checkpoint record.
     *
     * @return {@code CHECKPOINT LOCATION} of backup_label
     */
    public Lsn checkpointLsn() {
        return facts.checkpointLsn();
    }

    /**
     * Returns the timeline of {@link #startLsn()}.
     *
     * @return the timeline
     */
    public TimelineId startTimeline() {
        return facts.startTimeline();
    }

    /**
     * Returns the first consistent position.
     *
     * @return the end of the BACKUP_END record, or a standby's minimum recovery point; exclusive
     */
    public Lsn stopLsn() {
        return facts.stopLsn();
    }

    /**
     * Returns the timeline of {@link #stopLsn()}.
     *
     * @return the timeline
     */
    public TimelineId stopTimeline() {
        return facts.stopTimeline();
    }

    /**
     * Tells where it was taken.
     *
     * @return true if from a standby
     */
    public boolean isFromStandby() {
        return facts.fromStandby();
    }

    /**
     * Tells whether the backup holds its own WAL, at least from start to stop, and can so be restored alone.
     *
     * @return true if it carries WAL
     */
    public boolean carriesWal() {
        return !facts.carriedWal().isEmpty();
    }

    /**
     * Returns the segments that the backup carries; the last one may be unfinished.
     *
     * @return by timeline, then number; empty if it relies on the archive
     */
    public List<WalSegment> carriedWal() {
        return facts.carriedWal();
    }

    /**
     * Returns the tablespaces outside the data directory.
     *
     * @return by OID
     */
    public List<Tablespace> tablespaces() {
        return facts.tablespaces();
    }

    /**
     * Returns the size of the files of the data directory, unpacked.
     *
     * @return bytes, without tablespaces
     */
    public long baseRawSizeBytes() {
        return facts.baseRawSizeBytes();
    }

    /**
     * Returns the size of all files, unpacked.
     *
     * @return bytes, tablespaces included
     */
    public long rawSizeBytes() {
        return facts.baseRawSizeBytes()
                + facts.tablespaces().stream()
                        .mapToLong(Tablespace::rawSizeBytes)
                        .sum();
    }

    /**
     * Returns the number of files.
     *
     * @return 1 or more, tablespaces included
     */
    public long fileCount() {
        return facts.fileCount();
    }

    /**
     * Returns how the parts are compressed.
     *
     * @return such as {@code zstd:3}, {@code gzip:6}, {@code none}
     */
    public String compression() {
        return facts.compression();
    }

    /**
     * Returns every object of the backup beside its record: parts, their index, the manifest, carried WAL.
     *
     * @return in the order in which they were named
     */
    public List<StoredObject> objects() {
        return facts.objects();
    }

    /**
     * Returns the stored size of all objects.
     *
     * @return bytes as stored
     */
    public long storedSizeBytes() {
        return facts.objects().stream().mapToLong(StoredObject::sizeBytes).sum();
    }

    /**
     * Returns the server settings that were recorded.
     *
     * @return name to value as SHOW prints it; {@code config_file}, {@code hba_file}, {@code ident_file} and
     *     {@code data_directory} tell where the files lay
     */
    public Map<String, String> settings() {
        return facts.settings();
    }

    /**
     * Returns the content of configuration files that lay outside the data directory and so are not in the parts.
     *
     * @return absolute path on the server to text
     */
    public Map<String, String> externalConfigFiles() {
        return facts.externalConfigFiles();
    }

    /**
     * Returns the version of each collation provider that the server used: indexes on text are right only under these.
     *
     * @return who uses which provider, such as {@code database shop, libc} or {@code collations, icu}, to version;
     *     several versions are joined by commas
     */
    public Map<String, String> collationVersions() {
        return facts.collationVersions();
    }

    /**
     * Returns the libraries that the server needs to start ({@code shared_preload_libraries}).
     *
     * @return their names
     */
    public List<String> preloadLibraries() {
        return facts.preloadLibraries();
    }

    /**
     * Returns what the server warned of while it sent the backup. Pages with a wrong checksum are not among it: a backup
     * in which the server finds one is never completed.
     *
     * @return the messages, empty if all was well
     */
    public List<String> warnings() {
        return facts.warnings();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Backup backup && backup.facts.equals(facts);
    }

    @Override
    public int hashCode() {
        return facts.hashCode();
    }

    @Override
    public String toString() {
        return "Backup " + id() + " of " + identity() + " from " + startLsn() + " to " + stopLsn() + " on timeline "
                + stopTimeline();
    }

    /**
     * An object of a backup.
     *
     * @param name its name below the backup's folder, such as {@code base/00001.tar.zst}
     * @param sizeBytes stored size
     * @param sha256 SHA-256 of the stored bytes, 64 lower-case hexadecimal digits
     */
    public record StoredObject(String name, long sizeBytes, String sha256) {
        /** Checks the size. */
        public StoredObject {
            if (sizeBytes < 0) {
                throw new IllegalArgumentException("Size of " + name + " is negative: " + sizeBytes);
            }
        }
    }
}

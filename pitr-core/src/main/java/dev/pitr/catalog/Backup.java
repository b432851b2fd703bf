package dev.pitr.catalog;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A complete base backup, as its record in the repository tells. Grows with releases; built by a builder.
 */
public final class Backup {
    // The helper for catalog/repository makes this real: fields below, a Builder that names what is missing,
    // equals/hashCode/toString, accessors with Javadoc.
    private Backup() {}

    /** The identifier: UTC time of the start and a few random characters, {@code 20261120T142642Z-4f1c}. */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** Free text given to the server. */
    public String label() {
        throw new UnsupportedOperationException();
    }

    /** When the backup started, by the server's clock where known. */
    public Instant startedAt() {
        throw new UnsupportedOperationException();
    }

    /** When the server ended the backup (the stop position was taken at or before this). */
    public Instant finishedAt() {
        throw new UnsupportedOperationException();
    }

    /** Redo position: where recovery starts to read. */
    public Lsn startLsn() {
        throw new UnsupportedOperationException();
    }

    /** Position of the checkpoint record in backup_label. */
    public Lsn checkpointLsn() {
        throw new UnsupportedOperationException();
    }

    /** Timeline of {@link #startLsn()}. */
    public TimelineId startTimeline() {
        throw new UnsupportedOperationException();
    }

    /** First consistent position: the end of the BACKUP_END record, or a standby's minimum recovery point. */
    public Lsn stopLsn() {
        throw new UnsupportedOperationException();
    }

    /** Timeline of {@link #stopLsn()}. */
    public TimelineId stopTimeline() {
        throw new UnsupportedOperationException();
    }

    /** True if taken from a standby. */
    public boolean isFromStandby() {
        throw new UnsupportedOperationException();
    }

    /** True if the backup holds its own WAL from start to stop (issue: "carry WAL"). */
    public boolean carriesWal() {
        throw new UnsupportedOperationException();
    }

    /** Full server version, such as {@code 18.3}. */
    public String serverVersion() {
        throw new UnsupportedOperationException();
    }

    /** Tablespaces outside the data directory. */
    public List<Tablespace> tablespaces() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of the files, unpacked, without tablespaces. */
    public long baseRawSizeBytes() {
        throw new UnsupportedOperationException();
    }

    /** Files, tablespaces included. */
    public long fileCount() {
        throw new UnsupportedOperationException();
    }

    /** Objects to fetch for a restore, with their sizes as stored: parts, index, manifest, carried WAL. */
    public List<StoredObject> objects() {
        throw new UnsupportedOperationException();
    }

    /** Server settings recorded at backup time: name to value as SHOW prints it. */
    public Map<String, String> settings() {
        throw new UnsupportedOperationException();
    }

    /**
     * An object of a backup.
     *
     * @param name its name below the backup's folder, such as {@code base/00001.tar.zst}
     * @param sizeBytes stored size
     * @param sha256 SHA-256 of the stored bytes, lower-case hex
     */
    public record StoredObject(String name, long sizeBytes, String sha256) {}
}

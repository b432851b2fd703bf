package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Unreadable;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.wal.Lsn;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Base backups of one incarnation. Thread-safe. */
public final class BackupStore {
    private BackupStore() {}

    /** started.json: id, owner (free text: host, process), started at, lease until, redo position once known. */
    public record Started(String id, String owner, Instant startedAt, Instant leaseUntil, Optional<Lsn> startLsn) {}

    /** What a listing found: nothing damaged hides anything else. */
    public record Listing(List<Backup> backups, List<Started> unfinished, List<Unreadable> unreadable) {}

    /** A fresh identifier: UTC time now and a few random characters. */
    public String newId() {
        throw new UnsupportedOperationException();
    }

    /** Writes started.json with a lease; fails if the id is taken. */
    public Started start(String id, String owner, Duration lease) {
        throw new UnsupportedOperationException();
    }

    /** Records the redo position in started.json, so that nobody expires the WAL from there on. */
    public Started recordStart(Started started, Lsn startLsn) {
        throw new UnsupportedOperationException();
    }

    /** Renews the lease; repository.lease-lost if somebody gave the backup up meanwhile. */
    public Started renew(Started started, Duration lease) {
        throw new UnsupportedOperationException();
    }

    /** Opens the upload of one object below the backup's folder, e.g. {@code base/00001.tar.zst}. */
    public ObjectUpload upload(String id, String name) {
        throw new UnsupportedOperationException();
    }

    /** Opens the writing of parts.json.zst, part by part, in bounded memory. */
    public PartIndexWriter openPartIndex(String id) {
        throw new UnsupportedOperationException();
    }

    /** Opens the writing of manifest.json.zst: the server's exact bytes, streamed in bounded memory. */
    public ManifestWriter openManifestWriter(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Removes everything that a backup of this process left, its lease notwithstanding: for the owner, after a failure
     * whose outcome is known. started.json goes last. Refuses complete backups.
     */
    public void discard(Started started) {
        throw new UnsupportedOperationException();
    }

    /** Writes backup.json, last and conditionally: from now on the backup exists. */
    public void complete(Backup backup) {
        throw new UnsupportedOperationException();
    }

    /** Reads one backup.json; ObjectNotFoundException if there is none. */
    public Backup read(String id) {
        throw new UnsupportedOperationException();
    }

    /** Complete backups by start position, unfinished ones, and what could not be read. */
    public Listing list() {
        throw new UnsupportedOperationException();
    }

    /** Backups that were started and never completed: running ones (lease in the future) and remains. */
    public List<Started> unfinished() {
        throw new UnsupportedOperationException();
    }

    /** Removes what an unfinished backup left; refuses while its lease lasts, and refuses complete backups. */
    public void removeUnfinished(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads parts.json.zst, verified against the record, part by part in the order in which they were written: base
     * and tablespaces as the server sent them, carried WAL last.
     */
    public void readParts(Backup backup, Consumer<Part> action) {
        throw new UnsupportedOperationException();
    }

    /** Opens the manifest's exact bytes, verified against the record. */
    public InputStream openManifest(Backup backup) {
        throw new UnsupportedOperationException();
    }

    /** Opens the stored bytes of a whole object; size and SHA-256 are verified at the end of the stream. */
    public InputStream open(Backup backup, String name) {
        throw new UnsupportedOperationException();
    }

    /** Opens a range of the stored bytes of an object, unverified: for ranged reads of frames. */
    public InputStream open(Backup backup, String name, long offset, long length) {
        throw new UnsupportedOperationException();
    }

    /**
     * A part: a tar archive cut into independently compressed frames. Carried WAL is a series of parts of its own,
     * whose members are {@code pg_wal/…} of the data directory.
     *
     * @param name such as {@code base/00001.tar.zst}, {@code 16390/00001.tar.zst} or {@code wal/00001.tar.zst}
     * @param tablespaceOid 0 for the data directory (and for carried WAL), else the tablespace's OID
     * @param storedSizeBytes its stored size
     * @param sha256 SHA-256 of the stored bytes, lower-case hex
     * @param frames in order
     */
    public record Part(String name, int tablespaceOid, long storedSizeBytes, String sha256, List<Frame> frames) {}

    /**
     * A frame: a stretch of a part that can be read and decompressed alone. It holds either whole tar members, or one
     * slice of a single large one: the first slice begins with the member's header and names it, the others name none.
     * The last frame of a part ends with the two zero blocks of a tar archive's end.
     *
     * @param offset of its stored bytes in the part
     * @param storedLength its stored length
     * @param rawLength its length after decompression
     * @param sha256 SHA-256 of the stored bytes of this frame, lower-case hex
     * @param members names of the tar members that start in this frame, in order
     */
    public record Frame(long offset, long storedLength, long rawLength, String sha256, List<String> members) {}
}

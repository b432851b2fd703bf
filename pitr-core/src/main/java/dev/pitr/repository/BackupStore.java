package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Unreadable;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Base backups of one incarnation. Thread-safe.
 *
 * <p>A backup is {@linkplain #start started} under a lease, its objects are uploaded, and it exists from the moment when
 * {@link #complete} has written its record. Until then it is unfinished: running while its lease lasts, remains
 * afterwards. Completing and giving up exclude each other: both create the same key, which has one winner.
 */
public final class BackupStore {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final RepositorySettings settings;
    private final ObjectKey incarnation;
    private final ClusterIdentity identity;

    BackupStore(RepositorySettings settings, ObjectKey incarnation, ClusterIdentity identity) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.identity = identity;
    }

    /**
     * A backup that was started and not completed.
     *
     * @param id its identifier
     * @param owner who runs it: free text, such as host and process
     * @param startedAt when it was started, by the owner's clock
     * @param leaseUntil until when the owner claims to be at work
     * @param startLsn the redo position, once known: WAL from there on is needed
     */
    public record Started(String id, String owner, Instant startedAt, Instant leaseUntil, Optional<Lsn> startLsn) {
        Started withLeaseUntil(Instant until) {
            return new Started(id, owner, startedAt, until, startLsn);
        }
    }

    /**
     * What a listing found. Nothing that is damaged hides anything else.
     *
     * @param backups complete backups, by start position
     * @param unfinished backups that were started and never completed, by identifier
     * @param unreadable records that are damaged, or that this version can't read
     */
    public record Listing(List<Backup> backups, List<Started> unfinished, List<Unreadable> unreadable) {
        /** Copies the lists. */
        public Listing {
            backups = List.copyOf(backups);
            unfinished = List.copyOf(unfinished);
            unreadable = List.copyOf(unreadable);
        }
    }

    /**
     * Makes an identifier for a new backup: the UTC time now and four random hexadecimal digits.
     *
     * @return for example {@code 20261120T142642Z-4f1c}
     */
    public String newId() {
        int random = settings.random().get().nextInt(1 << 16);
        return ID_TIME.format(settings.clock().instant()) + String.format("-%04x", random);
    }

    /**
     * Starts a backup: writes {@code started.json}.
     *
     * @param id one key component
     * @param owner who runs it: free text, such as host and process
     * @param lease for how long from now nobody else may remove it
     * @return what was written
     * @throws RepositoryException repository.backup-exists if the identifier is taken
     */
    public Started start(String id, String owner, Duration lease) {
        Instant now = now();
        Started started = new Started(id, owner, now, now.plus(lease), Optional.empty());
        createOnce(key(id, RepositoryLayout.STARTED_RECORD), StartedRecord.toJson(started), "start");
        return started;
    }

    /**
     * Records the redo position, so that nobody expires the WAL from there on.
     *
     * @param started the backup
     * @param startLsn where its recovery will start to read
     * @return what was written
     * @throws RepositoryException repository.lease-lost if the backup was given up meanwhile
     */
    public Started recordStart(Started started, Lsn startLsn) {
        return replace(new Started(
                started.id(), started.owner(), started.startedAt(), started.leaseUntil(), Optional.of(startLsn)));
    }

    /**
     * Renews the lease.
     *
     * @param started the backup
     * @param lease for how long from now nobody else may remove it
     * @return what was written
     * @throws RepositoryException repository.lease-lost if the backup was given up meanwhile
     */
    public Started renew(Started started, Duration lease) {
        return replace(started.withLeaseUntil(now().plus(lease)));
    }

    private Started replace(Started started) {
        requireNotGivenUp(started.id());
        settings.storage()
                .put(key(started.id(), RepositoryLayout.STARTED_RECORD), Content.of(StartedRecord.toJson(started)));
        return started;
    }

    private void requireNotGivenUp(String id) {
        if (settings.storage().stat(key(id, RepositoryLayout.STARTED_RECORD)).isEmpty()
                || StoredJson.find(settings.storage(), key(id, RepositoryLayout.BACKUP_RECORD))
                        .filter(StartedRecord::isGivenUp)
                        .isPresent()) {
            throw leaseLost(id);
        }
    }

    /**
     * Starts the upload of one object of a backup.
     *
     * @param id the backup
     * @param name the object's name below the backup's folder, such as {@code base/00001.tar.zst}
     * @return the upload, to be closed by the caller
     * @throws IllegalArgumentException if the name is that of a record
     */
    public ObjectUpload upload(String id, String name) {
        if (name.equals(RepositoryLayout.BACKUP_RECORD) || name.equals(RepositoryLayout.STARTED_RECORD)) {
            throw new IllegalArgumentException(name + " is not uploaded but written by this store");
        }
        return settings.storage().upload(key(id, name));
    }

    /**
     * Starts the writing of {@code parts.json.zst}.
     *
     * @param id the backup
     * @return the writer, to be closed by the caller
     */
    public PartIndexWriter openPartIndex(String id) {
        return new PartIndexWriter(upload(id, RepositoryLayout.PARTS_INDEX));
    }

    /**
     * Starts the writing of {@code manifest.json.zst}.
     *
     * @param id the backup
     * @return the writer, to be closed by the caller
     */
    public ManifestWriter openManifestWriter(String id) {
        return new ManifestWriter(upload(id, RepositoryLayout.MANIFEST));
    }

    /**
     * Completes a backup: checks that every object that it names is there with its size, then writes
     * {@code backup.json}, last and conditionally. On return the backup exists. Repeating it is safe.
     *
     * @param backup the backup
     * @throws IllegalArgumentException if it is another cluster's
     * @throws RepositoryException repository.backup-incomplete if an object is absent or has another size;
     *     repository.lease-lost if the backup was given up meanwhile; repository.backup-exists if there is another
     *     record
     */
    public void complete(Backup backup) {
        if (!backup.identity().equals(identity)) {
            throw new IllegalArgumentException("Cannot complete backup " + backup.id() + " of " + backup.identity()
                    + " in the incarnation of " + identity);
        }
        requireNotGivenUp(backup.id());
        BackupFolder.requireObjects(settings.storage(), folder(backup.id()), backup);
        ObjectKey record = key(backup.id(), RepositoryLayout.BACKUP_RECORD);
        createOnce(record, BackupRecord.toJson(backup), "complete");
        requireNotRemoved(backup, record);
    }

    /** A process that slept beyond its lease can find that a whole removal took place between its check and its write. */
    private void requireNotRemoved(Backup backup, ObjectKey record) {
        if (settings.storage()
                .stat(key(backup.id(), RepositoryLayout.STARTED_RECORD))
                .isEmpty()) {
            settings.storage().delete(List.of(record));
            throw leaseLost(backup.id());
        }
    }

    /** Creates an object; finding the very same content there is success, a call of ours that was repeated. */
    private void createOnce(ObjectKey key, byte[] json, String verb) {
        try {
            StoredJson.create(settings.storage(), key, json);
        } catch (ObjectExistsException e) {
            requireSame(key, json, verb, e);
        }
    }

    private void requireSame(ObjectKey key, byte[] json, String verb, ObjectExistsException cause) {
        byte[] present = StoredJson.bytes(settings.storage(), key);
        if (Arrays.equals(present, json)) {
            return;
        }
        JsonObject record = FormatVersion.check(SealedJson.read(key.value(), present));
        if (StartedRecord.isGivenUp(record)) {
            throw leaseLost(record.text("id"));
        }
        throw new RepositoryException(
                "repository.backup-exists",
                "Cannot " + verb + " the backup: " + key
                        + " exists already, with other content. Take a new identifier.",
                cause);
    }

    /**
     * Reads one complete backup's record.
     *
     * @param id the backup
     * @return the backup
     * @throws dev.pitr.storage.ObjectNotFoundException if there is no complete backup of this identifier
     * @throws RepositoryException repository.corrupt, or repository.unsupported-format or -feature
     */
    public Backup read(String id) {
        return BackupFolder.read(settings.storage(), folder(id), identity);
    }

    /**
     * Lists the backups by reading their records.
     *
     * @return complete, unfinished and unreadable ones
     */
    public Listing list() {
        return BackupFolder.list(settings.storage(), incarnation, identity);
    }

    /**
     * Lists the backups that were started and never completed: running ones, with their lease in the future, and
     * remains.
     *
     * @return by identifier
     */
    public List<Started> unfinished() {
        return list().unfinished();
    }

    /**
     * Removes what an unfinished backup left; does nothing if there is nothing.
     *
     * @param id the backup
     * @throws RepositoryException repository.lease-held while its lease lasts; repository.backup-exists if it is
     *     complete
     */
    public void removeUnfinished(String id) {
        new BackupRemoval(settings, folder(id)).removeExpired(id, now());
    }

    /**
     * Removes everything that a backup of this process left, its lease notwithstanding: for the owner, after a failure
     * whose outcome is known.
     *
     * @param started the backup
     * @throws RepositoryException repository.backup-exists if it is complete
     */
    public void discard(Started started) {
        new BackupRemoval(settings, folder(started.id())).remove(started);
    }

    /**
     * Tells, by one listing, which objects of a complete backup are no longer there with their recorded sizes.
     *
     * @param backup the backup
     * @return one phrase for each, such as {@code main/…/base/00001.tar.zst should have 42 bytes, but is absent}; empty if
     *     all are there
     */
    public List<String> missingObjects(Backup backup) {
        return BackupFolder.missingObjects(settings.storage(), folder(backup.id()), backup);
    }

    /**
     * Reads {@code parts.json.zst} part by part, in the order in which they were written: base and tablespaces as the
     * server sent them, carried WAL last. On return all of it was verified against the backup's record; before, parts
     * may have been handed over that a later error proves damaged.
     *
     * @param backup the backup
     * @param action takes each part
     * @throws dev.pitr.storage.StorageCorruptException if a byte isn't what was stored
     */
    public void readParts(Backup backup, Consumer<BackupPart> action) {
        new PartIndexReader(
                        key(backup.id(), RepositoryLayout.PARTS_INDEX).value(),
                        openVerified(backup, RepositoryLayout.PARTS_INDEX))
                .read(action);
    }

    /**
     * Opens the manifest's exact bytes, verified at the end of the stream.
     *
     * @param backup the backup
     * @return the manifest, to be closed by the caller
     */
    public InputStream openManifest(Backup backup) {
        return VerifiedZstd.open(
                key(backup.id(), RepositoryLayout.MANIFEST).value(), openVerified(backup, RepositoryLayout.MANIFEST));
    }

    /**
     * Opens the stored bytes of an object, verified at the end of the stream, where it throws a
     * {@link dev.pitr.storage.StorageCorruptException} if they are not what the backup's record says.
     *
     * @param backup the backup
     * @param name the object's name below the backup's folder
     * @return the stored bytes, to be closed by the caller
     * @throws IllegalArgumentException if the backup names no such object
     */
    public InputStream open(Backup backup, String name) {
        return openVerified(backup, name);
    }

    private VerifyingInputStream openVerified(Backup backup, String name) {
        Backup.StoredObject object = backup.objects().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Backup " + backup.id() + " has no " + name));
        ObjectKey key = key(backup.id(), name);
        return new VerifyingInputStream(settings.storage().open(key), key.value(), object.sizeBytes(), object.sha256());
    }

    /**
     * Opens a range of the stored bytes of an object, unverified: the reader of a frame checks the frame's own hash.
     *
     * @param backup the backup
     * @param name the object's name below the backup's folder
     * @param offset the first byte, 0 or more
     * @param length how many bytes at most, 0 or more
     * @return the stored bytes, to be closed by the caller
     */
    public InputStream open(Backup backup, String name, long offset, long length) {
        return settings.storage().open(key(backup.id(), name), offset, length);
    }

    private ObjectKey folder(String id) {
        return RepositoryLayout.backup(incarnation, id);
    }

    private ObjectKey key(String id, String name) {
        return folder(id).resolve(name);
    }

    private Instant now() {
        return settings.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static RepositoryException leaseLost(String id) {
        return new RepositoryException(
                "repository.lease-lost",
                "Cannot go on with backup " + id + ": somebody removed it as unfinished after its lease had ended."
                        + " Start a new backup.",
                null);
    }
}

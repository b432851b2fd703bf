package dev.pitr.storage;

import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A flat store of immutable-by-habit objects under string keys.
 *
 * <p>An object appears whole or not at all: no reader ever sees a part of one. What a method acknowledged by returning
 * is durable and visible to every later call from anywhere. Sizes and ranges are of stored bytes. Implementations are
 * safe for use by many threads and many processes at once, keep no unbounded buffer, and react to interruption with
 * {@link dev.pitr.error.CancelledException}.
 *
 * <p>Every method may throw {@link StorageException} or one of its subclasses; where a method names one below, that
 * is the error for the case described. Streams returned or accepted here throw it too, instead of an
 * {@link java.io.IOException}, when storage is the cause.
 */
public interface ObjectStorage extends AutoCloseable {
    /**
     * Creates an object if the key is free. Of any number of racing callers exactly one wins.
     *
     * @param key a key
     * @param content content of known length, opened once for each attempt
     * @throws ObjectExistsException if the key is taken; the object there is untouched
     * @throws UnknownOutcomeException if it can't be known whether this call created the object: the caller compares
     */
    void createIfAbsent(ObjectKey key, Content content);

    /**
     * Stores an object, replacing what was there, atomically.
     *
     * @param key a key
     * @param content content of known length, opened once for each attempt
     */
    void put(ObjectKey key, Content content);

    /**
     * Starts an upload of unknown length in bounded memory, for keys that only one writer can have. The object appears
     * when {@link ObjectUpload#commit()} returns, replacing what was there; closing without it leaves nothing behind.
     *
     * @param key a key
     * @return the upload, to be closed by the caller
     */
    ObjectUpload upload(ObjectKey key);

    /**
     * Opens an object for reading from its start.
     *
     * @param key a key
     * @return its bytes, to be closed by the caller
     * @throws ObjectNotFoundException if there is none
     */
    InputStream open(ObjectKey key);

    /**
     * Opens a range of an object.
     *
     * @param key a key
     * @param offset the first byte, 0 or more
     * @param length how many bytes at most, 0 or more; the stream ends earlier where the object ends
     * @return the bytes, to be closed by the caller; empty when {@code offset} is at or past the end
     * @throws ObjectNotFoundException if there is no such object
     */
    InputStream open(ObjectKey key, long offset, long length);

    /**
     * Looks up one object.
     *
     * @param key a key
     * @return what is known of it, empty if there is none
     */
    Optional<ObjectInfo> stat(ObjectKey key);

    /**
     * Lists objects lazily, in the byte order of their keys.
     *
     * @param prefix what the keys start with, not necessarily at a slash; empty for all
     * @param from the first key to list, inclusive, which need not exist; empty to list from the start of the prefix
     * @return the objects, to be closed by the caller; an object created or deleted meanwhile may be listed or not,
     *     every other one is listed exactly once
     */
    Stream<ObjectInfo> list(String prefix, String from);

    /**
     * Deletes objects; keys that don't exist are passed over.
     *
     * @param keys any number of keys
     * @throws StorageException if at least one could not be deleted; others may have been
     */
    void delete(Collection<ObjectKey> keys);

    /**
     * Tells whether {@link #createIfAbsent} really has one winner here. Found out by a probe, not by trust, once.
     *
     * @return false if the store silently replaces, which rules it out for archiving
     */
    boolean enforcesCreateIfAbsent();

    /**
     * Returns where this is, for messages; never credentials.
     *
     * @return for example {@code file:///var/backups}
     */
    String description();

    /** Releases what this instance opened itself. What it was given stays open. */
    @Override
    void close();
}

package dev.pitr.storage;

import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A flat store of immutable-by-habit objects under string keys.
 *
 * <p><b>Atomicity.</b> An object appears whole or not at all: no reader ever sees a part of one, or parts of two. A
 * reader that opened an object before it was replaced or deleted gets the old bytes to their end or a
 * {@link StorageException}, never other bytes and never a silent early end.
 *
 * <p><b>Durability.</b> What a method acknowledged by returning is durable, and visible to every later call from
 * anywhere. Only that: an object that a reader finds may still be on its way to the disk, as long as its writer has not
 * returned. {@link ObjectExistsException} is an acknowledgement too: the object that it speaks of is durable.
 *
 * <p><b>Failure.</b> A call that throws leaves under the key what was there before, or the new object whole; which of
 * the two is known unless it throws {@link UnknownOutcomeException}. Repeating any call is safe.
 *
 * <p><b>Order.</b> Keys are listed in the order of their bytes, which is the order of {@link ObjectKey#compareTo}.
 *
 * <p><b>Threads.</b> Implementations are safe for use by many threads and many processes at once, start no thread that
 * they don't tell of, keep no unbounded buffer, and react to interruption with
 * {@link dev.pitr.error.CancelledException}, with the thread's interrupt status set. A call whose effect already is
 * visible is finished first.
 *
 * <p>No key may be the folder of another: with {@code a/b} stored, {@code a} and {@code a/b/c} can't be. A store that
 * can't hold both refuses the later one with the code {@code storage.key-conflict} and keeps the earlier one; an object
 * store that can hold both may do so.
 *
 * <p>Every method may throw {@link StorageException} or one of its subclasses; where a method names one below, that is
 * the error for the case described. Streams returned or accepted here throw it too, instead of an
 * {@link java.io.IOException}, when storage is the cause. After {@link #close()} every method fails with
 * {@link IllegalStateException}.
 */
public interface ObjectStorage extends AutoCloseable {
    /**
     * Creates an object if the key is free. Of any number of racing callers, in any number of processes, exactly one
     * wins, as far as {@link #enforcesCreateIfAbsent()} holds.
     *
     * @param key a key
     * @param content content of known length, opened once for each attempt
     * @throws ObjectExistsException if the key is taken; the object there is untouched, whole and durable
     * @throws UnknownOutcomeException if it can't be known whether this call created the object, or whether what it
     *     created is durable: the caller repeats the call, and compares if that says that the key is taken
     */
    void createIfAbsent(ObjectKey key, Content content);

    /**
     * Stores an object, replacing what was there, atomically. Of racing callers the last one wins.
     *
     * @param key a key
     * @param content content of known length, opened once for each attempt
     * @throws UnknownOutcomeException if it can't be known whether the new object is there and durable; repeating helps
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
     * @return its bytes, to be closed by the caller and used by one thread at a time
     * @throws ObjectNotFoundException if there is none, and the store itself is there to say so
     */
    InputStream open(ObjectKey key);

    /**
     * Opens a range of an object.
     *
     * @param key a key
     * @param offset the first byte, 0 or more
     * @param length how many bytes at most, 0 or more; the stream ends earlier where the object ends
     * @return the bytes, to be closed by the caller and used by one thread at a time; empty when {@code offset} is at or
     *     past the end
     * @throws ObjectNotFoundException if there is no such object, and the store itself is there to say so
     * @throws IllegalArgumentException if {@code offset} or {@code length} is negative
     */
    InputStream open(ObjectKey key, long offset, long length);

    /**
     * Looks up one object.
     *
     * @param key a key
     * @return what is known of it; empty if there is none, and the store itself is there to say so
     */
    Optional<ObjectInfo> stat(ObjectKey key);

    /**
     * Lists objects lazily, in the byte order of their keys, in memory that doesn't grow with their number.
     *
     * <p>Any strings will do: the ones that no key can start with list nothing. The stream is sequential and throws
     * {@link StorageException} from its terminal operation.
     *
     * @param prefix what the keys start with, not necessarily at a slash; empty for all
     * @param from the first key to list, inclusive, which need not exist; empty to list from the start of the prefix
     * @return the objects, to be closed by the caller; an object created or deleted meanwhile may be listed or not,
     *     every other one is listed exactly once
     */
    Stream<ObjectInfo> list(String prefix, String from);

    /**
     * Deletes objects; keys that don't exist are passed over. Every key is tried, even after one has failed.
     *
     * @param keys any number of keys
     * @throws StorageException if at least one could not be deleted; others may have been
     */
    void delete(Collection<ObjectKey> keys);

    /**
     * Removes what uploads that were never finished have left behind: invisible bytes of processes that died.
     *
     * <p>A filesystem knows from a lock which writers still live and spares them. An object store knows only when an
     * upload began: give it more time than the longest upload takes.
     *
     * @param olderThan how long ago an upload must have begun, more than zero
     * @return how many were removed
     */
    int removeAbandonedUploads(Duration olderThan);

    /**
     * Tells whether {@link #createIfAbsent} really has one winner here. Found out by a probe, not by trust; a yes is
     * remembered. The probe may write an object of its own, out of sight, and removes it.
     *
     * @return false if the store may silently replace, which rules it out for archiving
     */
    boolean enforcesCreateIfAbsent();

    /**
     * Returns where this is, for messages; never credentials. Works after {@link #close()} too.
     *
     * @return for example {@code file:///var/backups}
     */
    String description();

    /**
     * Releases what this instance opened itself; what it was given stays open. Streams and uploads are closed by their
     * users, before. Closing again does nothing.
     */
    @Override
    void close();
}

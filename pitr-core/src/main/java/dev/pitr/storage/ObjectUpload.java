package dev.pitr.storage;

import java.io.OutputStream;

/**
 * An upload of unknown length. Used by one thread at a time; which thread may change.
 *
 * <p>Bytes are written as to any stream. {@link #commit()} makes the object appear, whole and durable. Closing before
 * that abandons the upload: nothing is visible and nothing is billed. Closing after it does nothing. Whoever stacks
 * other streams on an upload can therefore close them all in a {@code finally}: only a commit stores anything.
 *
 * <p>A write throws {@link StorageException}, not {@link java.io.IOException}, when storage is the cause. After a
 * failed write, a failed commit, a commit or a close, writing and committing fail with {@link IllegalStateException}.
 * A process that dies leaves nothing visible; see {@link ObjectStorage#removeAbandonedUploads}.
 */
public abstract class ObjectUpload extends OutputStream {
    /** For implementations. */
    protected ObjectUpload() {}

    /**
     * Makes the object appear, replacing what was there.
     *
     * @throws StorageException if it did not; the key holds what it held before, and closing cleans up
     * @throws UnknownOutcomeException if it can't be known: the key holds what it held before, or the new object whole;
     *     closing then leaves things as they are
     */
    public abstract void commit();

    /** Abandons the upload unless it was committed; closing again does nothing. Never throws over what is left behind. */
    @Override
    public abstract void close();
}

package dev.pitr.storage;

import java.io.OutputStream;

/**
 * An upload of unknown length. Used by one thread at a time.
 *
 * <p>Bytes are written as to any stream. {@link #commit()} makes the object appear, whole and durable. Closing before
 * that abandons the upload: nothing is visible and nothing is billed. Closing after it does nothing.
 */
public abstract class ObjectUpload extends OutputStream {
    /** For implementations. */
    protected ObjectUpload() {}

    /**
     * Makes the object appear.
     *
     * @throws StorageException if it did not; closing then cleans up
     * @throws UnknownOutcomeException if it can't be known; closing then leaves things as they are
     */
    public abstract void commit();

    /** Abandons the upload unless it was committed. */
    @Override
    public abstract void close();
}

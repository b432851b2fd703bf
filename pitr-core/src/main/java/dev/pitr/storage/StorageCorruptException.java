package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/** What the store returned is not what was stored. Code {@code storage.corrupt}. */
public final class StorageCorruptException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public StorageCorruptException(String message, @Nullable Throwable cause) {
        super("storage.corrupt", message, cause);
    }
}

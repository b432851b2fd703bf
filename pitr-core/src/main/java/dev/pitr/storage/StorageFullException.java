package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/** The store has no room left, or a quota or size limit is reached; nothing half-written is visible. Code {@code storage.full}. */
public final class StorageFullException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public StorageFullException(String message, @Nullable Throwable cause) {
        super("storage.full", message, cause);
    }
}

package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/** The store is away, overloaded, throttling or failing; trying again later may help. Code {@code storage.unavailable}. */
public final class StorageUnavailableException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public StorageUnavailableException(String message, @Nullable Throwable cause) {
        super("storage.unavailable", message, cause);
    }
}

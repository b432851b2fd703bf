package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/** The store refused the caller: permissions or credentials. Code {@code storage.denied}. */
public final class StorageDeniedException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public StorageDeniedException(String message, @Nullable Throwable cause) {
        super("storage.denied", message, cause);
    }
}

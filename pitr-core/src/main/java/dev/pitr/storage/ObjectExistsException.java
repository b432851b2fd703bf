package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/** The key is taken; what is there was not touched, and is whole and durable. Code {@code storage.exists}. */
public final class ObjectExistsException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public ObjectExistsException(String message, @Nullable Throwable cause) {
        super("storage.exists", message, cause);
    }
}

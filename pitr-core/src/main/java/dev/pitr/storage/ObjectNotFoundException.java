package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/** There is no object under the key. Code {@code storage.not-found}. */
public final class ObjectNotFoundException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public ObjectNotFoundException(String message, @Nullable Throwable cause) {
        super("storage.not-found", message, cause);
    }
}

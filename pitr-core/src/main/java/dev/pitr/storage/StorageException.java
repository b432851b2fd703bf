package dev.pitr.storage;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/** A store could not do what was asked. Subclasses name the cases that a caller tells apart. */
public class StorageException extends PitrException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an error.
     *
     * @param code a dotted code that starts with {@code storage.}
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public StorageException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

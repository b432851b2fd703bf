package dev.pitr.storage;

import org.jspecify.annotations.Nullable;

/**
 * It can't be known whether the call took effect: the object may exist, written by this call or by another, or exist and
 * not be durable. Nothing may be cleaned up on this ground; repeating the call tells. Code
 * {@code storage.unknown-outcome}.
 */
public final class UnknownOutcomeException extends StorageException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what, where (store and key), and what to do
     * @param cause the backend's failure, or null
     */
    public UnknownOutcomeException(String message, @Nullable Throwable cause) {
        super("storage.unknown-outcome", message, cause);
    }
}

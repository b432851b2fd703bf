package dev.pitr.storage;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do what was asked. Subclasses name the cases that a caller tells apart.
 *
 * <p>Codes without a subclass: {@code storage.bucket-missing} and {@code storage.wrong-region} (of object stores),
 * {@code storage.refused} (the store doesn't take the request), {@code storage.object-changed} (replaced while it was
 * being read), {@code storage.lifecycle-conflict} (rules of a bucket that would delete what a repository keeps),
 * {@code storage.no-provider} (see {@link StorageUrl}), {@code storage.key-conflict} (a key is the folder of another),
 * {@code storage.not-an-object} (something else lies where an object belongs), {@code storage.content-size} and
 * {@code storage.content-unreadable} (see {@link Content}), {@code storage.root-missing} (see
 * {@link FileSystemStorage}).
 */
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

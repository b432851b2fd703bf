package dev.pitr.repository;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/** The repository is absent, belongs to another cluster, or holds what this version can't read. */
public class RepositoryException extends PitrException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an error.
     *
     * @param code a dotted code that starts with {@code repository.}
     * @param message what, where, and what to do
     * @param cause the underlying failure, or null
     */
    public RepositoryException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

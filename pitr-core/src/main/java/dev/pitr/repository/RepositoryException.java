package dev.pitr.repository;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/**
 * The repository is absent, belongs to another cluster, or holds what this version can't read.
 *
 * <p>Codes: {@code repository.not-initialized}, {@code repository.other-cluster}, {@code repository.unsafe-storage},
 * {@code repository.corrupt}, {@code repository.unsupported-format}, {@code repository.unsupported-feature},
 * {@code repository.backup-exists}, {@code repository.backup-incomplete}, {@code repository.lease-lost},
 * {@code repository.lease-held}, {@code repository.contended}.
 */
public final class RepositoryException extends PitrException {
    private static final long serialVersionUID = 1L;

    RepositoryException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }

    static RepositoryException corrupt(String where, String reason) {
        return corrupt(where, reason, null);
    }

    static RepositoryException corrupt(String where, String reason, @Nullable Throwable cause) {
        return new RepositoryException(
                "repository.corrupt",
                "Cannot read " + where + ": " + reason + ". Restore this object from a copy of the repository.",
                cause);
    }
}

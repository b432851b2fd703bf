package dev.pitr.postgres;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/**
 * A file that a PostgreSQL server has written, or should have, is damaged or not what it should be.
 *
 * <p>Codes: {@code postgres.bad-control-file}, {@code postgres.bad-backup-label}, {@code postgres.bad-tablespace-map},
 * {@code postgres.bad-manifest}.
 */
public final class ServerFileException extends PitrException {
    private static final long serialVersionUID = 1L;

    ServerFileException(String code, String message) {
        this(code, message, null);
    }

    ServerFileException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

package dev.pitr.wal;

import dev.pitr.error.PitrException;

/**
 * A text or a value is not what PostgreSQL would write: an LSN, a file name, a history file, a page header. Code
 * {@code wal.format}, or one that starts with it and tells more.
 */
public final class WalFormatException extends PitrException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error with code {@code wal.format}.
     *
     * @param message what was read, what was expected
     */
    public WalFormatException(String message) {
        this("wal.format", message);
    }

    /**
     * Creates the error.
     *
     * @param code a dotted code that starts with {@code wal.format}
     * @param message what was read, what was expected
     */
    public WalFormatException(String code, String message) {
        super(code, message);
    }
}

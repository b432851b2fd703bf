package dev.pitr.wal;

import dev.pitr.error.PitrException;

/** A text or a value is not what PostgreSQL would write: an LSN, a file name, a history file. Code {@code wal.format}. */
public final class WalFormatException extends PitrException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message what was read, what was expected
     */
    public WalFormatException(String message) {
        super("wal.format", message);
    }
}

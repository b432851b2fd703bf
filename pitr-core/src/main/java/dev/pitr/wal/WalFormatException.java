package dev.pitr.wal;

import dev.pitr.error.PitrException;

/**
 * A text or a value is not what PostgreSQL would write: an LSN, a file name, a history file, a page header. Code
 * {@code wal.format}, or one that starts with it and tells more.
 */
public final class WalFormatException extends PitrException {
    private static final long serialVersionUID = 1L;

    WalFormatException(String message) {
        this("wal.format", message);
    }

    WalFormatException(String code, String message) {
        super(code, message);
    }
}

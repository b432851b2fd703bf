package dev.pitr.recovery;

import dev.pitr.error.PitrException;

/** A recovery target, timeline or action that no server would accept, or not as meant. Code {@code restore.target}. */
public final class InvalidTargetException extends PitrException {
    private static final long serialVersionUID = 1L;

    InvalidTargetException(String message) {
        super("restore.target", message);
    }
}

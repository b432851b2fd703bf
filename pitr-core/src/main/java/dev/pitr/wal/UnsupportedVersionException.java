package dev.pitr.wal;

import dev.pitr.error.PitrException;

/** A PostgreSQL version that pitr doesn't know. Code {@code postgres.version}. */
public final class UnsupportedVersionException extends PitrException {
    private static final long serialVersionUID = 1L;

    UnsupportedVersionException(int major) {
        super("postgres.version", "PostgreSQL " + major + " is not supported: pitr knows versions 13 to 18");
    }
}

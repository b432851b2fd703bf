package dev.pitr.archive;

import dev.pitr.error.PitrException;
import dev.pitr.wal.WalFileName;

/**
 * WAL that a recovery needs is not where it was when the recovery was planned. Code {@code archive.wal-missing}. A server
 * that were told so in plain words would take it for the end of all WAL and promote.
 */
public final class WalMissingException extends PitrException {
    private static final long serialVersionUID = 1L;

    private final String fileName;

    WalMissingException(WalFileName name, WalSource source) {
        super(
                "archive.wal-missing",
                "Cannot find " + name.name() + " in " + source.description()
                        + ", where the plan of this recovery counts on it. Find out who removed it and plan again");
        this.fileName = name.name();
    }

    /**
     * Returns the file that is missing.
     *
     * @return its name, without any folder
     */
    public String fileName() {
        return fileName;
    }
}

package dev.pitr.wal.record;

import dev.pitr.error.PitrException;

/**
 * A record with a right checksum has a body that no supported server writes. Code {@code wal.record}.
 *
 * <p>It says nothing against the segment: the server's own replay may well accept it.
 */
public final class WalRecordException extends PitrException {
    private static final long serialVersionUID = 1L;

    WalRecordException(String message) {
        super("wal.record", message);
    }
}

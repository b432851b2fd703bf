package dev.pitr.restore;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/**
 * A restore was refused or could not be carried out. Unless everything else was in place already, the target holds no
 * {@code global/pg_control} that wasn't there before, so that a server can't start on it; and the same restore can be run
 * again.
 *
 * <p>Codes. Of preflight, before the first byte: {@code restore.target-not-empty}, {@code restore.target-not-a-folder},
 * {@code restore.not-writable}, {@code restore.no-space}, {@code restore.missing-object}, {@code restore.no-server},
 * {@code restore.other-major}, {@code restore.no-library}. Later: {@code restore.already-running},
 * {@code restore.damaged-part} (stored bytes differ from what the backup recorded), {@code restore.bad-manifest},
 * {@code restore.bad-backup}, {@code restore.manifest-mismatch} (a file is not what the server's manifest says),
 * {@code restore.missing-file}, {@code restore.hostile-entry} (a tar entry that no PostgreSQL server writes),
 * {@code restore.no-space}, {@code restore.io} (the target can't be read or written).
 */
public final class RestoreException extends PitrException {
    private static final long serialVersionUID = 1L;

    RestoreException(String code, String message) {
        this(code, message, null);
    }

    RestoreException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}

package dev.pitr.backup;

import dev.pitr.error.PitrException;
import org.jspecify.annotations.Nullable;

/**
 * A base backup could not be taken. Nothing that looks like a backup is left.
 *
 * <p>Codes: {@code backup.malformed-stream} (the server's stream is no valid tar archive or manifest, or its parts
 * contradict each other), {@code backup.checksum-failure} (see {@link ChecksumFailureException}), {@code backup.lease-lost}
 * (the lease could not be renewed in time, so that what was written is no longer protected).
 */
public class BackupException extends PitrException {
    private static final long serialVersionUID = 1L;

    BackupException(String code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }

    static BackupException malformed(String message) {
        return new BackupException("backup.malformed-stream", message, null);
    }
}

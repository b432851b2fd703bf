package dev.pitr.backup;

import java.util.List;

/**
 * The server found data pages whose checksum is wrong while it sent them: the cluster is damaged, and no backup of it
 * is completed. Code {@code backup.checksum-failure}.
 */
public final class ChecksumFailureException extends BackupException {
    private static final long serialVersionUID = 1L;

    private final List<String> warnings;

    ChecksumFailureException(List<String> warnings, Throwable cause) {
        super("backup.checksum-failure", describe(warnings), cause);
        this.warnings = List.copyOf(warnings);
    }

    private static String describe(List<String> warnings) {
        return "Cannot complete the backup: the server found damaged data pages. Restore an older backup beside the"
                + " server and repair or drop what is damaged, or keep what is left with skipPageChecksums. The server's words: "
                + String.join("; ", warnings);
    }

    /**
     * Returns what the server said of each damaged place, in its own words: at most five blocks of a file, then a
     * summary of the file.
     *
     * @return the server's warnings, in order
     */
    public List<String> warnings() {
        return warnings;
    }
}

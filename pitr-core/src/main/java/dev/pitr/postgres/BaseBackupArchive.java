package dev.pitr.postgres;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One tar archive of a base backup: the data directory, or one tablespace outside of it.
 *
 * @param tablespaceOid the tablespace's OID, to be read as unsigned; empty for the data directory
 * @param location the tablespace's absolute path on the server; empty for the data directory
 * @param estimatedBytes the server's estimate of its size, in bytes; empty if it was not asked for
 */
public record BaseBackupArchive(
        Optional<Integer> tablespaceOid, Optional<String> location, OptionalLong estimatedBytes) {
    /**
     * Tells whether this is the data directory itself, which comes last in a backup.
     *
     * @return false for a tablespace
     */
    public boolean isDataDirectory() {
        return tablespaceOid.isEmpty();
    }
}

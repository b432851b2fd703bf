package dev.pitr.catalog;

/**
 * A tablespace outside the data directory, as the backup's server had it.
 *
 * @param oid its OID, to be read as unsigned
 * @param location the absolute path on the server that was backed up
 * @param rawSizeBytes the size of its files in the backup, 0 or more
 */
public record Tablespace(int oid, String location, long rawSizeBytes) {
    /** Checks the size. */
    public Tablespace {
        if (rawSizeBytes < 0) {
            throw new IllegalArgumentException(
                    "Size of tablespace " + Integer.toUnsignedString(oid) + " is negative: " + rawSizeBytes);
        }
    }
}

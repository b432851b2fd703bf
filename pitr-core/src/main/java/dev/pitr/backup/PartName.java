package dev.pitr.backup;

/**
 * The place of a part in its backup.
 *
 * @param folder {@code base}, {@code wal}, or a tablespace's OID
 * @param tablespaceOid the tablespace's OID, 0 for {@code base} and {@code wal}
 * @param number 1 or more within the folder
 */
record PartName(String folder, int tablespaceOid, int number) {
    static final String BASE_FOLDER = "base";
    static final String WAL_FOLDER = "wal";

    /** Names the first part of a tablespace, or of the data directory if the OID is 0. */
    static PartName firstOf(int tablespaceOid) {
        String folder = tablespaceOid == 0 ? BASE_FOLDER : Integer.toUnsignedString(tablespaceOid);
        return new PartName(folder, tablespaceOid, 1);
    }

    /** Names the first part of the WAL that the backup carries. */
    static PartName firstOfWal() {
        return new PartName(WAL_FOLDER, 0, 1);
    }

    PartName next() {
        return new PartName(folder, tablespaceOid, number + 1);
    }

    /** Returns the name of the object below the backup's folder. */
    String objectName(String suffix) {
        return folder + "/" + String.format("%05d", number) + suffix;
    }
}

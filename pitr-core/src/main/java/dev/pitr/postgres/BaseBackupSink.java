package dev.pitr.postgres;

/**
 * Receives a base backup while the server sends it.
 *
 * <p>Called from the thread that runs {@link ReplicationConnection#baseBackup}, in this order: {@link #start}; for each
 * archive {@link #archiveStart}, {@link #data} any number of times, {@link #archiveEnd}; {@link #manifest} any number of
 * times. What a method throws ends the backup: the server is told to cancel, the connection is closed, and the exception
 * reaches the caller unchanged.
 */
public interface BaseBackupSink {
    /**
     * The server has started the backup.
     *
     * @param start where it starts and what follows
     */
    void start(BaseBackupStart start);

    /**
     * An archive begins.
     *
     * @param archive one of those announced, in the order announced
     */
    void archiveStart(BaseBackupArchive archive);

    /**
     * Takes bytes of the archive's tar stream.
     *
     * @param buffer holds the bytes, valid during the call only
     * @param offset of the first byte
     * @param length how many, at least 1
     */
    void data(byte[] buffer, int offset, int length);

    /** The archive is complete. PostgreSQL 13 and 14 leave out the blocks of zeros that end a tar file. */
    void archiveEnd();

    /**
     * Takes bytes of PostgreSQL's {@code backup_manifest}.
     *
     * @param buffer holds the bytes, valid during the call only
     * @param offset of the first byte
     * @param length how many, at least 1
     */
    void manifest(byte[] buffer, int offset, int length);
}

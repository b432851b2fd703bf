package dev.pitr.backup;

import dev.pitr.repository.Repository;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A full base backup over the replication protocol, streamed into a repository. One object is one job, to be run once.
 *
 * <p>The repository is the same for a primary and a standby; the incarnation is chosen by what the server says it is,
 * and a server whose cluster was never opened there is refused before anything is written. The backup exists in the
 * repository from the moment that its record is written, last: a failed, cancelled or killed job leaves nothing that
 * looks like a backup. What a killed one leaves is listed by {@code BackupStore.unfinished()} and can be removed when
 * its lease is over; a job that fails or is interrupted removes what it wrote, unless the outcome of a write is unknown.
 *
 * <p>Memory is bounded by the number of compression threads, whatever the size of the database and the number of its
 * files: some 16 MiB for each thread and 40 MiB beside.
 *
 * <p>On a timeline other than 1, the backup archives the histories of that timeline and its ancestors too, as far as the
 * server has them: a repository that was opened after the promotion would never get them from the server's archiver, and
 * a restore needs them.
 */
public final class BaseBackup {
    private final BackupOptions options;
    private final AtomicBoolean wasRun = new AtomicBoolean();

    BaseBackup(BackupOptions options) {
        this.options = options;
    }

    /**
     * Starts the description of a backup.
     *
     * @param repository where it goes; it must be open for the server's cluster
     * @return a builder
     */
    public static BaseBackupBuilder builder(Repository repository) {
        return new BaseBackupBuilder(repository);
    }

    /**
     * Takes the backup. The calling thread watches and renews the lease; the job starts threads of its own that read,
     * compress and upload, and has ended them all when this returns or throws. An interrupt of the calling thread
     * cancels the backup, on the server too.
     *
     * @return the record of the backup, and whether the WAL that it needs is in the repository
     * @throws dev.pitr.repository.RepositoryException if the repository is not open for the server's cluster
     * @throws dev.pitr.archive.WalConflictException if the repository holds another history of one of the server's
     *     timelines; no backup is begun then
     * @throws ChecksumFailureException if the server found damaged blocks
     * @throws BackupException if the server's stream is not what a server of this version sends
     * @throws dev.pitr.error.CancelledException if the calling thread was interrupted
     * @throws IllegalStateException if this job was run before
     */
    public BaseBackupResult run() {
        if (!wasRun.compareAndSet(false, true)) {
            throw new IllegalStateException("This " + options + " was run already: build another job");
        }
        return new BackupRun(options).run();
    }

    @Override
    public String toString() {
        return options.toString();
    }
}

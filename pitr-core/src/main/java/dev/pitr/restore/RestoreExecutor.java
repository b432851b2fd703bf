package dev.pitr.restore;

import dev.pitr.recovery.RestorePlan;
import dev.pitr.repository.Incarnation;
import java.nio.file.Path;

/**
 * Carries out one restore plan into one target directory. Made by {@link #builder}.
 *
 * <p>What an interruption at any moment leaves has no {@code global/pg_control}, so that no server can start on it. Running
 * the same restore again continues: files that are there already are read and compared with the manifest, and only parts
 * that lack something are fetched again. Once {@link #execute()} returns, everything is durable.
 *
 * <p>Starts threads that live as long as a call, save for those that serve WAL until {@link RestoreResult#close()}, see
 * {@link WalDelivery.Served}. Used by one thread at a time.
 */
public final class RestoreExecutor {
    private final RestoreOptions options;

    RestoreExecutor(RestoreOptions options) {
        this.options = options;
    }

    /**
     * Starts to describe a restore.
     *
     * @param plan what to restore
     * @param incarnation where its backup and WAL are
     * @param target the new data directory; absent or empty, or left by an interrupted run of the same restore. Beside it
     *     {@code <target>-wal} is used, and {@code <target>-tablespaces} unless all tablespaces are given a folder
     * @return a builder
     */
    public static RestoreExecutorBuilder builder(RestorePlan plan, Incarnation incarnation, Path target) {
        return new RestoreExecutorBuilder(plan, incarnation, target);
    }

    /**
     * Looks for everything that would stand in the way, without writing.
     *
     * @return what was found
     */
    public Preflight preflight() {
        return PreflightChecks.run(options, TargetState.look(options));
    }

    /**
     * Restores. Preflight is run first; its errors end the restore before the first byte is written.
     *
     * @return where everything lies; to be closed when the server has recovered
     * @throws RestoreException with the code of preflight's first error, or of what went wrong later
     * @throws dev.pitr.storage.StorageException if the repository can't be read
     * @throws dev.pitr.error.CancelledException if the thread was interrupted
     */
    public RestoreResult execute() {
        return new RestoreRun(options).run();
    }

    @Override
    public String toString() {
        return "Restore of backup " + options.backup().id() + " into " + options.target();
    }
}

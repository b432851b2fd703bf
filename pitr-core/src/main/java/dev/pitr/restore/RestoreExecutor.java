package dev.pitr.restore;

import dev.pitr.progress.ProgressListener;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.repository.Incarnation;
import java.nio.file.Path;

/**
 * Carries out one restore plan into one target directory. Made by {@link #builder}; run once.
 */
public final class RestoreExecutor {
    private RestoreExecutor() {}

    /**
     * Starts a restore.
     *
     * @param plan what to restore
     * @param incarnation where its backup and WAL are
     * @param target the new data directory; absent or empty, or left by an interrupted run of the same restore
     * @return a builder
     */
    public static Builder builder(RestorePlan plan, Incarnation incarnation, Path target) {
        throw new UnsupportedOperationException();
    }

    /**
     * Looks for everything that would stand in the way, without writing.
     *
     * @return what was found
     */
    public Preflight preflight() {
        throw new UnsupportedOperationException();
    }

    /**
     * Restores.
     *
     * @return where everything lies
     */
    public RestoreResult execute() {
        throw new UnsupportedOperationException();
    }

    /** Options of a restore; each may be set once, except those that say otherwise. */
    public static final class Builder {
        private Builder() {}

        /**
         * Puts one tablespace into a folder. Others go to {@code <target>-tablespaces/<oid>}.
         *
         * @param oid its OID, unsigned
         * @param folder an absolute folder, absent or empty
         * @return this
         */
        public Builder tablespace(long oid, Path folder) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets how many parts are fetched and unpacked at once.
         *
         * @param jobs 1 to 64; by default the number of processors, at most 8
         * @return this
         */
        public Builder jobs(int jobs) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets what the restored server shall be.
         *
         * @param role by default an independent copy
         * @return this
         */
        public Builder role(RestoredRole role) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets how the server gets its WAL.
         *
         * @param delivery by default served by this process
         * @return this
         */
        public Builder wal(WalDelivery delivery) {
            throw new UnsupportedOperationException();
        }

        /**
         * Adds a setting, written last to postgresql.auto.conf. May be called for any number of names.
         *
         * @param name such as {@code port}
         * @param value unquoted
         * @return this
         */
        public Builder setting(String name, String value) {
            throw new UnsupportedOperationException();
        }

        /**
         * Names the server's binaries, so that preflight can check them and the start command names them.
         *
         * @param folder the folder that holds {@code postgres}
         * @return this
         */
        public Builder serverBinaries(Path folder) {
            throw new UnsupportedOperationException();
        }

        /**
         * Gives everything restored to a user and their group, as root must.
         *
         * @param user a user of this machine
         * @return this
         */
        public Builder owner(String user) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets who hears of progress.
         *
         * @param listener called as it says
         * @return this
         */
        public Builder progress(ProgressListener listener) {
            throw new UnsupportedOperationException();
        }

        /**
         * Checks the options.
         *
         * @return the restore, not started
         */
        public RestoreExecutor build() {
            throw new UnsupportedOperationException();
        }
    }
}

package dev.pitr.backup;

import dev.pitr.progress.ProgressListener;
import dev.pitr.repository.Codec;
import dev.pitr.repository.Repository;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;

/**
 * A full base backup over the replication protocol, streamed into a repository. One object is one job, to be run once.
 */
public final class BaseBackup {
    private BaseBackup() {}

    /**
     * Starts the description of a backup.
     *
     * @param repository where it goes; the incarnation is chosen by the server's own identity
     * @return a builder
     */
    public static Builder builder(Repository repository) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes the backup.
     *
     * @return its record, and whether its WAL is there
     */
    public BaseBackupResult run() {
        throw new UnsupportedOperationException();
    }

    /** How the server reaches the checkpoint from which the backup starts. */
    public enum Checkpoint {
        /** At once, at the price of a burst of writes. */
        FAST,
        /** Spread over {@code checkpoint_completion_target}: gentle, and slow to start. */
        SPREAD
    }

    /** Describes a backup; see the methods for defaults. An option set twice fails. */
    public static final class Builder {
        private Builder() {}

        /**
         * Sets the server, a primary or a standby. Required.
         *
         * @param jdbcUrl a JDBC URL of PostgreSQL with a database; its role needs REPLICATION
         * @param properties the driver's properties, such as user and password
         * @return this
         */
        public Builder server(String jdbcUrl, Properties properties) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets the label. Default {@code pitr}.
         *
         * @param label free text without line ends
         * @return this
         */
        public Builder label(String label) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets how the first checkpoint is reached. Default {@link Checkpoint#FAST}.
         *
         * @param checkpoint how
         * @return this
         */
        public Builder checkpoint(Checkpoint checkpoint) {
            throw new UnsupportedOperationException();
        }

        /**
         * Limits the rate at which the server sends. Default: no limit.
         *
         * @param bytesPerSecond 32 KiB to 1 GiB, PostgreSQL's bounds of MAX_RATE
         * @return this
         */
        public Builder maxRate(long bytesPerSecond) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets the compression. Default {@link Codec#zstd()}.
         *
         * @param codec how
         * @return this
         */
        public Builder codec(Codec codec) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets how many threads compress. Default: the processors of this machine, at most 4.
         *
         * @param jobs 1 to 64
         * @return this
         */
        public Builder jobs(int jobs) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets after how many raw bytes a part ends, at the next file boundary. Default 256 MiB.
         *
         * @param rawBytes 1 MiB to 1 GiB
         * @return this
         */
        public Builder partSize(long rawBytes) {
            throw new UnsupportedOperationException();
        }

        /**
         * Makes the backup carry the WAL from its start to its stop position, so that it can be restored without any
         * archive. Default: it does not, and the archive is checked instead.
         *
         * @return this
         */
        public Builder carryWal() {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets how long to wait for the required WAL to be in the repository. Default one minute; zero looks once.
         *
         * @param duration zero or more
         * @return this
         */
        public Builder waitForWal(Duration duration) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets the checksum of files in PostgreSQL's manifest. Default CRC32C, the server's own.
         *
         * @param algorithm {@code NONE}, {@code CRC32C}, {@code SHA224}, {@code SHA256}, {@code SHA384} or
         *     {@code SHA512}
         * @return this
         */
        public Builder manifestChecksums(String algorithm) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets the lease by which a running backup protects itself from clean-up. Default five minutes; it is renewed
         * every third of it.
         *
         * @param lease at least 30 seconds
         * @return this
         */
        public Builder lease(Duration lease) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets the identifier. Default: UTC time and four random characters, {@code 20261120T142642Z-4f1c}.
         *
         * @param id 1 to 64 of {@code [A-Za-z0-9_-]}
         * @return this
         */
        public Builder id(String id) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets who hears of the progress. Default nobody.
         *
         * @param listener called from the job's threads, one call at a time
         * @return this
         */
        public Builder progress(ProgressListener listener) {
            throw new UnsupportedOperationException();
        }

        /**
         * Sets the clock of the identifier and of the lease. Default the system's, in UTC.
         *
         * @param clock a clock
         * @return this
         */
        public Builder clock(Clock clock) {
            throw new UnsupportedOperationException();
        }

        /**
         * Checks the description.
         *
         * @return the job
         */
        public BaseBackup build() {
            throw new UnsupportedOperationException();
        }
    }
}

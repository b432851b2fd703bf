package dev.pitr.postgres;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the server for one base backup: the options of its {@code BASE_BACKUP} command (PostgreSQL
 * documentation, "Streaming Replication Protocol").
 *
 * <p>A manifest, the tablespace map and size estimates are always asked for; the server is never asked to wait for its
 * own archiving, because it would wait without end while that fails.
 */
public final class BaseBackupOptions {
    private static final int MAX_LABEL_BYTES = 1024;
    private static final int MIN_RATE = 32;
    private static final int MAX_RATE = 1024 * 1024;

    private final String label;
    private final CheckpointPace checkpoint;
    private final OptionalInt maxRateKibibytesPerSecond;
    private final ManifestChecksum manifestChecksum;
    private final boolean verifiesPageChecksums;
    private final boolean includesWal;

    private BaseBackupOptions(Builder builder) {
        this.label = Objects.requireNonNullElse(builder.label, "pitr base backup");
        this.checkpoint = Objects.requireNonNullElse(builder.checkpoint, CheckpointPace.FAST);
        this.maxRateKibibytesPerSecond =
                builder.maxRate == null ? OptionalInt.empty() : OptionalInt.of(builder.maxRate);
        this.manifestChecksum = Objects.requireNonNullElse(builder.manifestChecksum, ManifestChecksum.CRC32C);
        this.verifiesPageChecksums = !builder.skipsPageChecksums;
        this.includesWal = builder.includesWal;
    }

    /**
     * Starts from the defaults: fast checkpoint, no rate limit, SHA-256 in the manifest, page checksums verified.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the label that the server writes into {@code backup_label}.
     *
     * @return the label
     */
    public String label() {
        return label;
    }

    /**
     * Returns how the first checkpoint is taken.
     *
     * @return the pace
     */
    public CheckpointPace checkpoint() {
        return checkpoint;
    }

    /**
     * Returns the limit of the server's sending rate.
     *
     * @return KiB per second, empty for none
     */
    public OptionalInt maxRateKibibytesPerSecond() {
        return maxRateKibibytesPerSecond;
    }

    /**
     * Returns the checksums that the server puts into the manifest.
     *
     * @return the algorithm
     */
    public ManifestChecksum manifestChecksum() {
        return manifestChecksum;
    }

    /**
     * Tells whether the server verifies the checksums of data pages that it sends, where the cluster has them.
     *
     * @return true unless {@link Builder#skipPageChecksums()} was called
     */
    public boolean verifiesPageChecksums() {
        return verifiesPageChecksums;
    }

    /**
     * Tells whether the server appends the WAL from the backup's start to its stop to the data directory's archive.
     *
     * @return true if {@link Builder#includeWal()} was called
     */
    public boolean includesWal() {
        return includesWal;
    }

    /** Collects options; each may be set once. */
    public static final class Builder {
        private @Nullable String label;
        private @Nullable CheckpointPace checkpoint;
        private @Nullable Integer maxRate;
        private @Nullable ManifestChecksum manifestChecksum;
        private boolean skipsPageChecksums;
        private boolean includesWal;

        private Builder() {}

        /**
         * Sets the label, {@code "pitr base backup"} by default.
         *
         * @param label one line of up to 1024 bytes of UTF-8, no control characters
         * @return this
         */
        public Builder label(String label) {
            refuseSecond("label", this.label);
            this.label = Objects.requireNonNull(label, "label");
            return this;
        }

        /**
         * Sets how the first checkpoint is taken, {@link CheckpointPace#FAST} by default.
         *
         * @param pace the pace
         * @return this
         */
        public Builder checkpoint(CheckpointPace pace) {
            refuseSecond("checkpoint", this.checkpoint);
            this.checkpoint = Objects.requireNonNull(pace, "pace");
            return this;
        }

        /**
         * Limits the server's sending rate; unlimited by default.
         *
         * @param kibibytesPerSecond 32 to 1048576
         * @return this
         */
        public Builder maxRateKibibytesPerSecond(int kibibytesPerSecond) {
            refuseSecond("maxRateKibibytesPerSecond", this.maxRate);
            this.maxRate = kibibytesPerSecond;
            return this;
        }

        /**
         * Sets the checksums in the manifest, {@link ManifestChecksum#CRC32C} by default.
         *
         * @param algorithm the algorithm
         * @return this
         */
        public Builder manifestChecksum(ManifestChecksum algorithm) {
            refuseSecond("manifestChecksum", this.manifestChecksum);
            this.manifestChecksum = Objects.requireNonNull(algorithm, "algorithm");
            return this;
        }

        /**
         * Lets the server send data pages without verifying their checksums, so that a damaged cluster can be backed up.
         *
         * @return this
         */
        public Builder skipPageChecksums() {
            refuseSecond("skipPageChecksums", this.skipsPageChecksums ? Boolean.TRUE : null);
            this.skipsPageChecksums = true;
            return this;
        }

        /**
         * Asks for the WAL that the backup needs ({@code WAL}): whole segment files as members {@code pg_wal/…} behind
         * {@code global/pg_control}. The server must still have them when it has sent the files.
         *
         * @return this
         */
        public Builder includeWal() {
            refuseSecond("includeWal", this.includesWal ? Boolean.TRUE : null);
            this.includesWal = true;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return the options
         * @throws IllegalArgumentException if a value is out of its range; the message names it
         */
        public BaseBackupOptions build() {
            if (label != null) {
                checkLabel(label);
            }
            if (maxRate != null && (maxRate < MIN_RATE || maxRate > MAX_RATE)) {
                throw new IllegalArgumentException("Cannot limit the rate to " + maxRate + " KiB/s: PostgreSQL takes "
                        + MIN_RATE + " to " + MAX_RATE + ".");
            }
            return new BaseBackupOptions(this);
        }

        private static void checkLabel(String label) {
            boolean printable = label.chars().noneMatch(Character::isISOControl);
            int bytes = label.getBytes(StandardCharsets.UTF_8).length;
            if (label.isEmpty() || !printable || bytes > MAX_LABEL_BYTES) {
                throw new IllegalArgumentException("Cannot use a label of " + bytes
                        + " bytes: it must be one line of 1 to " + MAX_LABEL_BYTES
                        + " bytes without control characters.");
            }
        }

        private static void refuseSecond(String option, @Nullable Object before) {
            if (before != null) {
                throw new IllegalStateException(option + " is set twice");
            }
        }
    }
}

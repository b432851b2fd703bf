package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why no plan can be made, from one backup or from any, with the nearest request that can be planned. Immutable.
 */
public final class Refusal {
    /** The reasons, from those that concern everything to those that came closest to a plan. */
    public enum Kind {
        /** The catalogue is another cluster's. */
        OTHER_CLUSTER("restore.other-cluster"),
        /** The server binaries are of another major version. */
        OTHER_VERSION("restore.other-version"),
        /** There is no complete backup. */
        NO_BACKUP("restore.no-backup"),
        /** The backup that was named doesn't exist. */
        BACKUP_UNKNOWN("restore.backup-unknown"),
        /** Where recovery ends depends on which backup is taken, and one that may be the right one can't be read. */
        BACKUP_UNREADABLE("restore.backup-unreadable"),
        /** No such timeline was ever seen. */
        TIMELINE_UNKNOWN("restore.timeline-unknown"),
        /** The timeline doesn't pass through the backup. */
        TIMELINE_UNREACHABLE("restore.timeline-unreachable"),
        /** The backup is none: the server was shut down while it ran. */
        BACKUP_CANCELED("restore.backup-canceled"),
        /** Nothing in the WAL behind the backup meets the transaction or the name. */
        TARGET_NOT_FOUND("restore.target-not-found"),
        /** The target lies before the backup is consistent. */
        BEFORE_CONSISTENT("restore.target-before-window"),
        /** A history file without which the timeline can't be followed isn't stored. */
        HISTORY_MISSING("wal.history-missing"),
        /** Segments between the backup and the target aren't stored. */
        WAL_GAP("wal.gap"),
        /** The child timeline's copy of the segment that holds its fork isn't stored. */
        SWITCH_SEGMENT_MISSING("wal.switch-segment-missing"),
        /** The WAL holds damaged records, or records that don't follow each other, before the target. */
        WAL_DAMAGED("wal.damaged"),
        /** The server that wrote the WAL ran with {@code wal_level = minimal} before the target. */
        WAL_LEVEL_MINIMAL("wal.level-minimal"),
        /** The target lies behind the archived WAL. */
        TARGET_AFTER_WAL("restore.target-after-window");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /**
         * Returns the stable dotted code of this reason.
         *
         * @return for example {@code wal.gap}
         */
        public String code() {
            return code;
        }
    }

    private final Kind kind;
    private final @Nullable String backupId;
    private final String reason;
    private final List<WalCoverage.Run> missing;
    private final @Nullable Alternative alternative;
    private final @Nullable RecoveryStop predicted;

    Refusal(Kind kind, @Nullable String backupId, String reason, List<WalCoverage.Run> missing) {
        this(kind, backupId, reason, missing, null, null);
    }

    private Refusal(
            Kind kind,
            @Nullable String backupId,
            String reason,
            List<WalCoverage.Run> missing,
            @Nullable Alternative alternative,
            @Nullable RecoveryStop predicted) {
        this.predicted = predicted;
        this.kind = kind;
        this.backupId = backupId;
        this.reason = reason;
        this.missing = List.copyOf(missing);
        this.alternative = alternative;
    }

    /**
     * Returns the reason's kind.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the backup that this is about.
     *
     * @return its identifier, empty if the refusal isn't about one backup
     */
    public Optional<String> backupId() {
        return Optional.ofNullable(backupId);
    }

    /**
     * Returns the reason for people: what, where, and what to do about it.
     *
     * @return one or two sentences, without the alternative
     */
    public String reason() {
        return reason;
    }

    /**
     * Returns the segments that aren't stored.
     *
     * @return unbroken ranges along the path, in order; empty unless segments are the reason
     */
    public List<WalCoverage.Run> missing() {
        return missing;
    }

    /**
     * Returns the nearest request that can be planned.
     *
     * @return the alternative, empty if none was found
     */
    public Optional<Alternative> alternative() {
        return Optional.ofNullable(alternative);
    }

    /**
     * Returns what a server would do that is started from this backup with this target all the same.
     *
     * @return an error, or an end that isn't where the target means; empty if nobody looked into the WAL, or if it reads
     *     another timeline's files
     */
    public Optional<RecoveryStop> predictedStop() {
        return Optional.ofNullable(predicted);
    }

    Refusal withAlternative(Alternative found) {
        return new Refusal(kind, backupId, reason, missing, found, predicted);
    }

    Refusal withPrediction(RecoveryStop stop) {
        return new Refusal(kind, backupId, reason, missing, alternative, stop);
    }

    Refusal withMore(String sentence) {
        return new Refusal(kind, backupId, reason + sentence, missing, alternative, predicted);
    }

    @Override
    public String toString() {
        return (backupId == null ? "" : "Backup " + backupId + ": ") + reason;
    }
}

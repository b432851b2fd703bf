package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.util.List;
import java.util.Map;

/** How a target will be reached: from which backup, along which WAL, with which settings. Immutable. */
public final class RestorePlan {
    private RestorePlan() {}

    /** The cluster. */
    public ClusterIdentity identity() {
        throw new UnsupportedOperationException();
    }

    /** The base backup. */
    public Backup backup() {
        throw new UnsupportedOperationException();
    }

    /** The target that was asked for. */
    public RecoveryTarget target() {
        throw new UnsupportedOperationException();
    }

    /** The history of the timeline that recovery follows; the timeline itself is written as a number. */
    public TimelineHistory history() {
        throw new UnsupportedOperationException();
    }

    /** The segments along the path, in order, at least through the target where it is known. */
    public List<WalSegment> segments() {
        throw new UnsupportedOperationException();
    }

    /** Every WAL file that must not be absent: segments and history files. */
    public List<WalFileName> walFiles() {
        throw new UnsupportedOperationException();
    }

    /** True if the segments come out of the backup itself (carried WAL), not out of the archive. */
    public boolean usesCarriedWal() {
        throw new UnsupportedOperationException();
    }

    /** Bytes to be fetched for the backup. */
    public long backupStoredBytes() {
        throw new UnsupportedOperationException();
    }

    /** Bytes to be fetched of WAL, at most. */
    public long walStoredBytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Recovery settings in the order in which they are written to postgresql.auto.conf, unquoted values:
     * recovery_target_*, recovery_target_timeline (a number), recovery_target_action. Not restore_command, which
     * depends on the channel.
     */
    public Map<String, String> recoverySettings() {
        throw new UnsupportedOperationException();
    }

    /** What a person should know before going on. */
    public List<String> warnings() {
        throw new UnsupportedOperationException();
    }

    /** The plan as text for people. */
    public String describe() {
        throw new UnsupportedOperationException();
    }

    /** The plan as JSON. */
    public String toJson() {
        throw new UnsupportedOperationException();
    }
}

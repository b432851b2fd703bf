package dev.pitr.recovery;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.StopPoint;
import java.util.Optional;

/** The recoverable moments around a time. Immutable; grows with releases. */
public final class NearestMoments {
    /**
     * A moment to which can be restored.
     *
     * @param lsn the position up to which WAL is replayed
     * @param commit the last commit replayed, empty if none since the backup's start
     * @param target the target that a plan needs
     * @param backupId the backup from which it was found
     */
    public record Moment(Lsn lsn, Optional<StopPoint> commit, RecoveryTarget target, String backupId) {}

    private final Optional<Moment> before;
    private final Optional<Moment> after;
    private final boolean isReachable;

    NearestMoments(Optional<Moment> before, Optional<Moment> after, boolean isReachable) {
        this.before = before;
        this.after = after;
        this.isReachable = isReachable;
    }

    /**
     * Tells whether the time itself can be a target.
     *
     * @return true if {@link #before()} is the state at that time
     */
    public boolean isReachable() {
        return isReachable;
    }

    /**
     * Returns the state at the time, or the last one before that can be recovered.
     *
     * @return the moment, empty if there is none
     */
    public Optional<Moment> before() {
        return before;
    }

    /**
     * Returns the first later state that can be recovered.
     *
     * @return the moment, empty if there is none
     */
    public Optional<Moment> after() {
        return after;
    }

    @Override
    public String toString() {
        return (isReachable ? "reachable, " : "unreachable, ") + before + " .. " + after;
    }
}

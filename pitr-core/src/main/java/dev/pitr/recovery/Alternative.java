package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import java.util.Optional;

/**
 * A request near the refused one that can be planned: it was tried on the same catalogue. Immutable.
 */
public final class Alternative {
    private final RestoreRequest request;
    private final RestorePlan plan;

    Alternative(RestoreRequest request, RestorePlan plan) {
        this.request = request;
        this.plan = plan;
    }

    /**
     * Returns the target to ask for.
     *
     * @return the refused request's target, or another
     */
    public RecoveryTarget target() {
        return request.target();
    }

    /**
     * Returns the timeline to ask for.
     *
     * @return a number
     */
    public TimelineTarget timeline() {
        return TimelineTarget.number(plan.history().timeline());
    }

    /**
     * Returns the backup that the alternative starts from.
     *
     * @return the backup
     */
    public Backup backup() {
        return plan.backup();
    }

    /**
     * Returns the backup to be forced, where the planner would choose another by itself.
     *
     * @return its identifier, empty if it needn't be given
     */
    public Optional<String> forcedBackupId() {
        return request.backupId();
    }

    /**
     * Tells whether the plan must be allowed to end before a gap, see {@link RestorePlanBuilder#endBeforeGap()}.
     *
     * @return true if so
     */
    public boolean endsBeforeGap() {
        return request.endBeforeGap();
    }

    /**
     * Returns what a person should read.
     *
     * @return one line without a full stop
     */
    public String describe() {
        return AlternativeText.of(request, plan);
    }

    @Override
    public String toString() {
        return describe();
    }
}

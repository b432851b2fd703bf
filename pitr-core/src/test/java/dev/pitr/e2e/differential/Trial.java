package dev.pitr.e2e.differential;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.wal.TimelineId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One question: where does a server end that recovers this backup along this timeline to this target?
 *
 * @param choosesBackup whether a plan may take another backup
 * @param edge what is special about it, empty if it is just anywhere
 */
record Trial(Backup backup, boolean choosesBackup, TimelineId timeline, RecoveryTarget target, String edge) {
    /** What a user would write down who knows nothing but the target. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(target.settings());
        settings.put("recovery_target_timeline", timeline.toString());
        settings.put("recovery_target_action", "pause");
        return settings;
    }

    @Override
    public String toString() {
        return target.keyword() + " " + settings() + " from backup " + backup.id() + " (" + backup.startLsn() + " to "
                + backup.stopLsn() + " on timeline " + backup.startTimeline() + ")"
                + (edge.isEmpty() ? "" : ", an edge: " + edge);
    }
}

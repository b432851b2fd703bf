package dev.pitr.recovery;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.util.List;

/** What the planner hands over to make a {@link RestorePlan}. */
record PlanParts(
        ClusterIdentity identity,
        RestoreRequest request,
        Route route,
        List<WalFileName> historyFiles,
        TimelineId newTimeline,
        long walStoredBytes,
        StopPrediction predictedStop,
        List<Refusal> passedOver,
        List<String> warnings) {
    PlanParts {
        historyFiles = List.copyOf(historyFiles);
        passedOver = List.copyOf(passedOver);
        warnings = List.copyOf(warnings);
    }
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.util.List;

/** What the planner hands over to make a {@link RestorePlan}. */
record PlanParts(
        ClusterIdentity identity,
        RestoreRequest request,
        Backup backup,
        TimelineHistory history,
        List<WalSegment> segments,
        List<WalFileName> historyFiles,
        boolean usesCarriedWal,
        long walStoredBytes,
        StopPrediction predictedStop,
        List<Refusal> passedOver,
        List<String> warnings) {
    PlanParts {
        segments = List.copyOf(segments);
        historyFiles = List.copyOf(historyFiles);
        passedOver = List.copyOf(passedOver);
        warnings = List.copyOf(warnings);
    }
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.Refusal.Kind;
import dev.pitr.wal.WalSegmentSize;
import java.util.Optional;

/** Adds to refusals what a look into the WAL tells: what a server would do all the same, and what became of a transaction. */
final class Explanations {
    private final Planner planner;
    private final RestoreRequest request;
    private boolean isTraced;

    Explanations(Planner planner, RestoreRequest request) {
        this.planner = planner;
        this.request = request;
    }

    Refusal explain(Refusal refusal) {
        Optional<Backup> backup = planner.catalogue().backups().stream()
                .filter(one -> Optional.of(one.id()).equals(refusal.backupId()))
                .findFirst();
        if (planner.index().isEmpty() || backup.isEmpty()) {
            return refusal;
        }
        RouteFinder finder = new RouteFinder(planner, request, backup.get());
        Refusal predicted = finder.prediction().map(refusal::withPrediction).orElse(refusal);
        if (refusal.kind() != Kind.TARGET_NOT_FOUND || isTraced) {
            return predicted;
        }
        isTraced = true;
        return finder.path().map(path -> traced(predicted, path)).orElse(predicted);
    }

    private Refusal traced(Refusal refusal, TimelinePath path) {
        if (!(request.target() instanceof RecoveryTarget.Xid xid)) {
            return refusal;
        }
        WalSegmentSize size = planner.catalogue().identity().segmentSize();
        long first = planner.catalogue().backups().stream()
                .mapToLong(backup -> WalNeed.first(backup, size))
                .min()
                .orElseThrow();
        long last = path.lastArchived(first).orElse(first);
        return refusal.withMore(
                new XidTrace(xid.xid32(), path, planner.index().orElseThrow(), size).between(first, last));
    }
}

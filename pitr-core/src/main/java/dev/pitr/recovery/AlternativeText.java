package dev.pitr.recovery;

import dev.pitr.catalog.Backup;

/** An alternative in words. */
final class AlternativeText {
    private AlternativeText() {}

    static String of(RestoreRequest request, RestorePlan plan) {
        Backup backup = plan.backup();
        String on = "on timeline " + plan.history().timeline() + " from backup " + backup.id();
        if (request.target() instanceof RecoveryTarget.Immediate) {
            return "the first consistent point, " + backup.stopLsn() + " of " + Words.time(backup.finishedAt()) + ", "
                    + on;
        }
        if (request.target() instanceof RecoveryTarget.Latest) {
            return "the end of the unbroken WAL, before " + plan.predictedStop().notAfter() + ", " + on;
        }
        String end = request.endBeforeGap()
                ? ", if it lies before the gap, that is before "
                        + plan.predictedStop().notAfter()
                : "";
        return Words.target(request.target()) + " " + on + end;
    }
}

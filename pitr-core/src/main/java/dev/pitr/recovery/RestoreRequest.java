package dev.pitr.recovery;

import java.util.Optional;

/** What was asked for, as far as it decides between backups. */
record RestoreRequest(
        RecoveryTarget target,
        TimelineTarget timeline,
        Optional<TargetAction> action,
        Optional<String> backupId,
        boolean preferCarriedWal,
        boolean endBeforeGap,
        boolean openEnded) {
    RestoreRequest withTarget(RecoveryTarget other) {
        return new RestoreRequest(other, timeline, action, backupId, preferCarriedWal, endBeforeGap, openEnded);
    }

    RestoreRequest on(TimelineTarget other) {
        return new RestoreRequest(target, other, action, backupId, preferCarriedWal, endBeforeGap, openEnded);
    }

    RestoreRequest from(Optional<String> otherBackupId) {
        return new RestoreRequest(target, timeline, action, otherBackupId, preferCarriedWal, endBeforeGap, openEnded);
    }

    RestoreRequest endingBeforeGap() {
        return new RestoreRequest(target, timeline, action, backupId, preferCarriedWal, true, openEnded);
    }
}

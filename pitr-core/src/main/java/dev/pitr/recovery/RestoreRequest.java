package dev.pitr.recovery;

import java.util.Optional;

/** What was asked for, as far as it decides between backups. */
record RestoreRequest(
        RecoveryTarget target,
        TimelineTarget timeline,
        Optional<TargetAction> action,
        Optional<String> backupId,
        boolean preferCarriedWal,
        boolean endBeforeGap) {}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Whether a target lies at or behind the first consistent point of a backup.
 *
 * <p>The server looks for a stop from the redo point on. A stop before consistency is an error; but for a time, if no
 * transaction ended while the backup ran, it goes on without an error and stops later than was asked. So a time is
 * compared here with the end of the backup: a transaction takes its time before it writes its record, hence whatever
 * lies before the first consistent point has a time at or before the backup's end, by the server's own clock.
 */
final class Consistency implements RecoveryTargetVisitor<Optional<Refusal>> {
    private final Backup backup;
    private final boolean isWalRead;

    /**
     * Prepares to tell.
     *
     * @param isWalRead whether somebody will look into the WAL, which tells exactly where a position can stop recovery
     */
    Consistency(Backup backup, boolean isWalRead) {
        this.backup = backup;
        this.isWalRead = isWalRead;
    }

    @Override
    public Optional<Refusal> latest(RecoveryTarget.Latest target) {
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> immediate(RecoveryTarget.Immediate target) {
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> time(RecoveryTarget.Time target) {
        Instant end = latestPossibleEnd(backup);
        boolean early = target.inclusion() == Inclusion.INCLUSIVE
                ? target.effective().isBefore(end)
                : !target.effective().isAfter(end);
        return early
                ? Optional.of(Refusals.beforeConsistent(backup, TargetTimes.print(target.effective())))
                : Optional.empty();
    }

    @Override
    public Optional<Refusal> xid(RecoveryTarget.Xid target) {
        return Optional.empty();
    }

    /**
     * Before the first consistent point only the backup's own last record could still be met, and that is not worth a bet
     * unless somebody looks.
     */
    @Override
    public Optional<Refusal> lsn(RecoveryTarget.AtLsn target) {
        Lsn lsn = target.lsn();
        Lsn first = isWalRead ? backup.startLsn() : backup.stopLsn();
        return lsn.isBefore(first) ? Optional.of(Refusals.beforeConsistent(backup, lsn.toString())) : Optional.empty();
    }

    @Override
    public Optional<Refusal> name(RecoveryTarget.Name target) {
        return Optional.empty();
    }

    /** A time in whole seconds may have been cut, as in the server's backup history file: the end of that second. */
    static Instant latestPossibleEnd(Backup backup) {
        Instant end = backup.finishedAt();
        boolean isWholeSecond = end.truncatedTo(ChronoUnit.SECONDS).equals(end);
        return isWholeSecond ? end.plusSeconds(1).minus(1, ChronoUnit.MICROS) : end;
    }
}

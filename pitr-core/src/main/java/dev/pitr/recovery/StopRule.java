package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryStop.Failure;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.recovery.RecoveryStop.Parts;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.Checkpoint;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalEvent;
import dev.pitr.wal.record.WalLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's stop rule as a machine that is fed the records of a path in order, from where replay begins: the loop of
 * {@code PerformWalRecovery} in {@code xlogrecovery.c}. It tells where recovery ends, whether that was meant or not.
 *
 * <p>What can't stop recovery may be {@linkplain #passOver passed over} together.
 */
final class StopRule {
    private final Backup backup;
    private final StopTest test;
    private Lsn end;
    private boolean backupEnded;
    private boolean isConsistent;
    private @Nullable Lsn consistentAt;
    private @Nullable StopPoint commitAtConsistency;
    private @Nullable StopPoint lastCommit;
    private @Nullable StopPoint lastStop;

    StopRule(Backup backup, RecoveryTarget target) {
        this.backup = backup;
        this.test = target.accept(new StopTests(backup.stopLsn()));
        this.end = backup.startLsn();
        // A standby's backup has no end record: its minimum recovery point is all.
        this.backupEnded = backup.isFromStandby();
        becomeConsistent(end);
    }

    StopTest test() {
        return test;
    }

    /** The end of what was replayed so far. */
    Lsn end() {
        return end;
    }

    boolean isConsistent() {
        return isConsistent;
    }

    /** Begins behind the checkpoint record: the server doesn't replay it if it is the redo point itself. */
    void beginBehindCheckpoint(Lsn checkpointEnd) {
        end = checkpointEnd;
        becomeConsistent(end);
    }

    /** Whether the backup's end was met, or needn't be. */
    boolean hasBackupEnded() {
        return backupEnded;
    }

    /**
     * Feeds one record.
     *
     * @param event what it is, null for a kind that no rule asks for
     * @return where recovery ends, null if it goes on
     */
    @Nullable
    RecoveryStop replay(Lsn start, Lsn recordEnd, @Nullable WalEvent event) {
        StopTest.Hit before = test.before(start, event, isConsistent);
        if (before != null) {
            return stop(before);
        }
        Failure failure = failureAt(event);
        if (failure != null) {
            return fail(failure);
        }
        apply(recordEnd, event);
        StopTest.Hit after = test.after(start, event, isConsistent);
        return after == null ? null : stop(after);
    }

    /**
     * Takes a stretch as replayed that holds no record to stop at.
     *
     * @param stretchEnd the end of its last complete record
     * @param hasBackupEnd whether the end of this backup is among its records
     * @param commit its last commit, null if it has none
     * @param stop its last end of a transaction, null if it has none
     */
    void passOver(Lsn stretchEnd, boolean hasBackupEnd, @Nullable StopPoint commit, @Nullable StopPoint stop) {
        end = stretchEnd;
        backupEnded |= hasBackupEnd;
        if (!isConsistent && backupEnded && !end.isBefore(backup.stopLsn())) {
            isConsistent = true;
            consistentAt = hasBackupEnd ? backup.stopLsn() : null;
            boolean isBefore = commit != null && !commit.end().isAfter(backup.stopLsn());
            commitAtConsistency = isBefore ? commit : lastCommit;
        }
        lastCommit = commit == null ? lastCommit : commit;
        lastStop = stop == null ? lastStop : stop;
    }

    /** The last commit replayed when the backup became consistent. */
    Optional<StopPoint> commitAtConsistency() {
        return Optional.ofNullable(commitAtConsistency);
    }

    /** The WAL has ended. */
    RecoveryStop endOfWal() {
        if (test.isSet()) {
            return fail(Failure.TARGET_NOT_REACHED);
        }
        return isConsistent
                ? finish(Outcome.STOPS_EXACTLY, null, null, List.of())
                : fail(Failure.WAL_ENDS_BEFORE_CONSISTENT);
    }

    private @Nullable Failure failureAt(@Nullable WalEvent event) {
        if (event instanceof WalEvent.ParameterChange change && change.walLevel() == WalLevel.MINIMAL) {
            return Failure.WAL_LEVEL_MINIMAL;
        }
        return isShutdown(event) && !backupEnded ? Failure.BACKUP_CANCELED : null;
    }

    /** A checkpoint of a server that was shut down, or of one that ended a recovery by it. */
    static boolean isShutdown(@Nullable WalEvent event) {
        if (event instanceof WalEvent.TimelineSwitch change) {
            return change.checkpoint().isPresent();
        }
        return event instanceof Checkpoint checkpoint && checkpoint.kind() == Checkpoint.Kind.SHUTDOWN;
    }

    private void apply(Lsn recordEnd, @Nullable WalEvent event) {
        end = recordEnd;
        if (event instanceof WalEvent.BackupEnd ended && ended.backupStart().equals(backup.startLsn())) {
            backupEnded = true;
        }
        StopRecord stop = StopTest.stop(event);
        if (stop != null) {
            lastStop = StopPoint.of(stop);
            lastCommit = stop.kind().isCommit() ? lastStop : lastCommit;
        }
        becomeConsistent(recordEnd);
    }

    private void becomeConsistent(Lsn replayed) {
        if (!isConsistent && backupEnded && !replayed.isBefore(backup.stopLsn())) {
            isConsistent = true;
            consistentAt = replayed;
            commitAtConsistency = lastCommit;
        }
    }

    private RecoveryStop stop(StopTest.Hit hit) {
        return isConsistent
                ? finish(Outcome.STOPS_EXACTLY, null, hit, List.of(hit.message()))
                : finish(Outcome.FAILS, Failure.STOP_BEFORE_CONSISTENT, hit, List.of(hit.message()));
    }

    private RecoveryStop fail(Failure failure) {
        return finish(Outcome.FAILS, failure, null, List.of());
    }

    private RecoveryStop finish(
            Outcome outcome, @Nullable Failure failure, StopTest.@Nullable Hit hit, List<String> stopMessages) {
        List<String> messages = new ArrayList<>();
        if (consistentAt != null) {
            messages.add(ServerMessages.consistent(consistentAt));
        }
        messages.addAll(stopMessages);
        if (failure != null) {
            messages.add(ServerMessages.failure(failure, backup));
        }
        return new RecoveryStop(new Parts(
                outcome,
                Optional.ofNullable(failure),
                end,
                Optional.ofNullable(hit).map(StopTest.Hit::record),
                Optional.ofNullable(lastCommit),
                Optional.ofNullable(lastStop),
                Optional.ofNullable(consistentAt),
                messages));
    }
}

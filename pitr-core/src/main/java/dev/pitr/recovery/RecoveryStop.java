package dev.pitr.recovery;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.StopPoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a server does with a recovery target, as the WAL tells: where it ends, or with which error. Immutable; grows with
 * releases.
 *
 * <p>It follows {@code PerformWalRecovery} in PostgreSQL's {@code xlogrecovery.c}: each record from the redo point on is
 * tested, replayed and tested again, in the order of the WAL, whatever its time.
 */
public final class RecoveryStop {
    /** The three verdicts. */
    public enum Outcome {
        /** Recovery ends at the target. */
        STOPS_EXACTLY,
        /** Recovery ends with an error; the server never opens for writes. */
        FAILS,
        /** Recovery ends without an error, but not where the target means. */
        ENDS_ELSEWHERE
    }

    /** Which error a server ends with. */
    public enum Failure {
        /** The record that stops recovery comes before the backup is consistent. */
        STOP_BEFORE_CONSISTENT,
        /** The WAL ends, and no record stopped recovery. */
        TARGET_NOT_REACHED,
        /** The WAL ends before the backup is consistent. */
        WAL_ENDS_BEFORE_CONSISTENT,
        /**
         * Before the target, the server ran with {@code wal_level = minimal}. Version 13 fails only as a hot standby, and
         * goes on without what was done then if {@code hot_standby} is off.
         */
        WAL_LEVEL_MINIMAL,
        /** A shutdown was logged while the backup ran, before its end: it is no backup. */
        BACKUP_CANCELED
    }

    /** Whether the record that stops recovery is replayed. */
    public enum Side {
        /** It is not. */
        BEFORE,
        /** It is, as the last one. */
        AFTER
    }

    /**
     * The record that stops recovery.
     *
     * @param start its first byte
     * @param side whether it is replayed
     * @param transaction the transaction that it ends, if it ends one
     * @param restorePoint its name, if it is a restore point
     * @param time its time, if it is one of these
     */
    public record StoppingRecord(
            Lsn start,
            Side side,
            Optional<StopPoint> transaction,
            Optional<String> restorePoint,
            Optional<Instant> time) {}

    /** What the rule hands over. */
    record Parts(
            Outcome outcome,
            Optional<Failure> failure,
            Lsn end,
            Optional<StoppingRecord> record,
            Optional<StopPoint> lastCommit,
            Optional<StopPoint> lastStop,
            Optional<Lsn> consistentAt,
            List<String> messages) {
        Parts {
            messages = List.copyOf(messages);
        }
    }

    private final Parts parts;

    RecoveryStop(Parts parts) {
        this.parts = parts;
    }

    /**
     * Returns the verdict.
     *
     * @return the verdict
     */
    public Outcome outcome() {
        return parts.outcome();
    }

    /**
     * Returns the error with which the server ends.
     *
     * @return the error, empty unless it {@linkplain Outcome#FAILS fails}
     */
    public Optional<Failure> failure() {
        return parts.failure();
    }

    /**
     * Returns where replay ends.
     *
     * @return the end of the last record that is replayed: the switch point of the new timeline, if the server is
     *     promoted there; the redo position if none is replayed
     */
    public Lsn end() {
        return parts.end();
    }

    /**
     * Returns the record that stops recovery.
     *
     * @return the record, empty if the WAL ends before
     */
    public Optional<StoppingRecord> record() {
        return parts.record();
    }

    /**
     * Returns the last transaction whose changes the restored server shows.
     *
     * @return the last commit replayed, empty if none was since the backup's start
     */
    public Optional<StopPoint> lastCommit() {
        return parts.lastCommit();
    }

    /**
     * Returns the last end of a transaction that is replayed; its time is what the server calls the last completed
     * transaction.
     *
     * @return a commit or an abort, empty if none was replayed
     */
    public Optional<StopPoint> lastTransaction() {
        return parts.lastStop();
    }

    /**
     * Returns where the backup became consistent.
     *
     * @return the end of a record; empty if it doesn't, or if nobody looked at each record there
     */
    public Optional<Lsn> consistentAt() {
        return parts.consistentAt();
    }

    /**
     * Returns what the server writes to its log about it, in order, with times as it prints them if its
     * {@code timezone} is UTC.
     *
     * @return parts of log lines
     */
    public List<String> messages() {
        return parts.messages();
    }

    /** The same recovery, judged as one that doesn't end where it was meant to. */
    RecoveryStop elsewhere() {
        return new RecoveryStop(new Parts(
                Outcome.ENDS_ELSEWHERE,
                Optional.empty(),
                end(),
                record(),
                lastCommit(),
                lastTransaction(),
                consistentAt(),
                messages()));
    }

    /**
     * Returns what a person should read.
     *
     * @return one sentence
     */
    public String describe() {
        return StopText.of(this);
    }

    @Override
    public String toString() {
        return outcome() + " " + end() + failure().map(failure -> " " + failure).orElse("");
    }
}

package dev.pitr.recovery;

import dev.pitr.wal.Lsn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a plan knows of where recovery will end. Immutable; grows with what can be read from WAL.
 *
 * <p>Whatever the kind, a server that doesn't reach its target ends with an error and never opens for writes.
 */
public final class StopPrediction {
    /** How much is known. */
    public enum Kind {
        /** Recovery ends at {@link StopPrediction#notAfter()}. */
        EXACT,
        /** Recovery ends between the two positions, if the WAL holds a record that stops it. */
        WITHIN,
        /**
         * Recovery ends with the last complete record of the archived WAL. By what is archived now, that lies before
         * {@link StopPrediction#notAfter()}; it comes later if more has been archived when the server asks, and the WAL
         * isn't staged. See {@link RestorePlan#isOpenEnded()}.
         */
        END_OF_WAL,
        /**
         * Recovery ends with the last complete record before {@link StopPrediction#notAfter()}, whatever is archived
         * behind it: the plan ends before a gap, or with the WAL that the backup carries.
         */
        END_OF_PLAN,
        /** Only the WAL itself can tell, and it hasn't been read. */
        UNKNOWN_UNTIL_WAL_IS_READ
    }

    private final Kind kind;
    private final Lsn notBefore;
    private final Lsn notAfter;
    private final @Nullable RecoveryStop stop;

    StopPrediction(Kind kind, Lsn notBefore, Lsn notAfter) {
        this(kind, notBefore, notAfter, null);
    }

    private StopPrediction(Kind kind, Lsn notBefore, Lsn notAfter, @Nullable RecoveryStop stop) {
        this.kind = kind;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.stop = stop;
    }

    /** A stop that was found in the WAL. */
    static StopPrediction exactly(RecoveryStop stop) {
        return new StopPrediction(Kind.EXACT, stop.end(), stop.end(), stop);
    }

    /** The end of WAL that may grow: what was found in it so far. */
    static StopPrediction notBefore(RecoveryStop stop, Lsn notAfter) {
        return new StopPrediction(Kind.END_OF_WAL, stop.end(), notAfter, stop);
    }

    /**
     * Returns how much is known.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the least position at which a successful recovery can end.
     *
     * @return an end position; never before the backup is consistent
     */
    public Lsn notBefore() {
        return notBefore;
    }

    /**
     * Returns the greatest position at which a successful recovery can end.
     *
     * @return an end position; never behind the planned WAL. For {@link Kind#END_OF_WAL} it holds as of now
     */
    public Lsn notAfter() {
        return notAfter;
    }

    /**
     * Returns the position at which recovery ends, if it is known.
     *
     * @return the exact end position, empty unless the kind is {@link Kind#EXACT}
     */
    public Optional<Lsn> exactly() {
        return kind == Kind.EXACT ? Optional.of(notAfter) : Optional.empty();
    }

    /**
     * Returns what was found in the WAL: the record that stops recovery, the last transaction, the server's messages. For
     * {@link Kind#END_OF_WAL} it is what happens if nothing more is archived.
     *
     * @return the stop, empty if the plan was made without a look into the WAL
     */
    public Optional<RecoveryStop> stop() {
        return Optional.ofNullable(stop);
    }

    /**
     * Returns what a person should read.
     *
     * @return one sentence
     */
    public String describe() {
        return switch (kind) {
            case EXACT -> stop == null ? "Exactly at " + notAfter + "." : stop.describe();
            case WITHIN -> "Between " + notBefore + " and " + notAfter + ", if a record there meets the target.";
            case END_OF_WAL -> "At the end of the archived WAL, now the last complete record before " + notAfter + ".";
            case END_OF_PLAN -> "At the last complete record before " + notAfter + ".";
            case UNKNOWN_UNTIL_WAL_IS_READ ->
                "Between " + notBefore + " and " + notAfter + "; where exactly, the WAL must tell.";
        };
    }

    @Override
    public String toString() {
        return kind + " " + notBefore + ".." + notAfter;
    }
}

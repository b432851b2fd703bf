package dev.pitr.recovery;

import dev.pitr.recovery.RecoveryStop.Side;
import dev.pitr.recovery.RecoveryStop.StoppingRecord;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.Prepared;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEvent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a target does to the server's stop rule: {@code recoveryStopsBefore} and {@code recoveryStopsAfter} in
 * {@code xlogrecovery.c}, alike in versions 13 to 18.
 */
interface StopTest {
    /** A record that stops recovery, and what the server says to it. */
    record Hit(StoppingRecord record, String message) {
        static Hit at(Lsn start, Side side, String message) {
            return new Hit(
                    new StoppingRecord(start, side, Optional.empty(), Optional.empty(), Optional.empty()), message);
        }

        static Hit at(StopRecord stop, Side side, String message) {
            return new Hit(
                    new StoppingRecord(
                            stop.start(),
                            side,
                            Optional.of(StopPoint.of(stop)),
                            Optional.empty(),
                            Optional.of(stop.time())),
                    message);
        }
    }

    /** Tests a record that isn't replayed yet. */
    default @Nullable Hit before(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
        return null;
    }

    /** Tests a record that has just been replayed. */
    default @Nullable Hit after(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
        return null;
    }

    /** Whether a record that ends in a stretch may be met; false only if certainly none is. */
    boolean mayMeet(StretchSummary stretch);

    /** Whether a target was set at all: without one, the end of the WAL is no error. */
    default boolean isSet() {
        return true;
    }

    /** The end of a transaction, or null. */
    static @Nullable StopRecord stop(@Nullable WalEvent event) {
        return event instanceof StopRecord stop ? stop : null;
    }

    /** Whether a record belongs to the resource manager Transaction: the server asks some questions only then. */
    static boolean isOfTransaction(@Nullable WalEvent event) {
        return event instanceof StopRecord
                || event instanceof Prepared
                || event instanceof WalEvent.SubtransactionsAssigned
                || event instanceof WalEvent.RelationsInvalidated;
    }
}

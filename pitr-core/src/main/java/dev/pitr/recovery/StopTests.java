package dev.pitr.recovery;

import dev.pitr.recovery.RecoveryStop.Side;
import dev.pitr.recovery.RecoveryStop.StoppingRecord;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEvent;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The test of each kind of target.
 *
 * @param consistent the position at which the backup is consistent
 */
record StopTests(Lsn consistent) implements RecoveryTargetVisitor<StopTest> {
    @Override
    public StopTest latest(RecoveryTarget.Latest target) {
        return new Unset();
    }

    @Override
    public StopTest immediate(RecoveryTarget.Immediate target) {
        return new AtConsistency(consistent);
    }

    @Override
    public StopTest time(RecoveryTarget.Time target) {
        return new AtTime(target.effective(), target.inclusion());
    }

    @Override
    public StopTest xid(RecoveryTarget.Xid target) {
        return new AtXid(target.xid32(), target.inclusion());
    }

    @Override
    public StopTest lsn(RecoveryTarget.AtLsn target) {
        return new AtPosition(target.lsn(), target.inclusion());
    }

    @Override
    public StopTest name(RecoveryTarget.Name target) {
        return new AtName(target.name());
    }

    private record Unset() implements StopTest {
        @Override
        public boolean mayMeet(StretchSummary stretch) {
            return false;
        }

        @Override
        public boolean isSet() {
            return false;
        }
    }

    /**
     * Tested before each record, but after a record only if it is a transaction's: after the end of a primary's backup,
     * the next record is needed.
     */
    private record AtConsistency(Lsn consistent) implements StopTest {
        @Override
        public @Nullable Hit before(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            return isConsistent ? Hit.at(start, Side.BEFORE, ServerMessages.AT_CONSISTENCY) : null;
        }

        @Override
        public @Nullable Hit after(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            return isConsistent && StopTest.isOfTransaction(event)
                    ? Hit.at(start, Side.AFTER, ServerMessages.AT_CONSISTENCY)
                    : null;
        }

        @Override
        public boolean mayMeet(StretchSummary stretch) {
            return !stretch.last().last().isBefore(consistent.plus(-1));
        }
    }

    private record AtTime(Instant time, Inclusion inclusion) implements StopTest {
        @Override
        public @Nullable Hit before(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            StopRecord stop = StopTest.stop(event);
            return stop != null && isLate(stop.time())
                    ? Hit.at(stop, Side.BEFORE, ServerMessages.atTransaction(Side.BEFORE, StopPoint.of(stop)))
                    : null;
        }

        private boolean isLate(Instant stop) {
            return inclusion == Inclusion.INCLUSIVE ? stop.isAfter(time) : !stop.isBefore(time);
        }

        @Override
        public boolean mayMeet(StretchSummary stretch) {
            return stretch.stops().greatestTime().map(this::isLate).orElse(false);
        }
    }

    private record AtXid(long xid, Inclusion inclusion) implements StopTest {
        @Override
        public @Nullable Hit before(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            StopRecord stop = StopTest.stop(event);
            return inclusion == Inclusion.EXCLUSIVE && stop != null && stop.xid() == xid
                    ? Hit.at(stop, Side.BEFORE, ServerMessages.beginningAtTransaction(Side.BEFORE, StopPoint.of(stop)))
                    : null;
        }

        @Override
        public @Nullable Hit after(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            StopRecord stop = StopTest.stop(event);
            return inclusion == Inclusion.INCLUSIVE && stop != null && stop.xid() == xid
                    ? Hit.at(stop, Side.AFTER, ServerMessages.atTransaction(Side.AFTER, StopPoint.of(stop)))
                    : null;
        }

        @Override
        public boolean mayMeet(StretchSummary stretch) {
            return stretch.stops().mayHold(xid);
        }
    }

    private record AtPosition(Lsn lsn, Inclusion inclusion) implements StopTest {
        @Override
        public @Nullable Hit before(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            return inclusion == Inclusion.EXCLUSIVE && !start.isBefore(lsn)
                    ? Hit.at(start, Side.BEFORE, ServerMessages.atPosition(Side.BEFORE, start))
                    : null;
        }

        @Override
        public @Nullable Hit after(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            return inclusion == Inclusion.INCLUSIVE && !start.isBefore(lsn)
                    ? Hit.at(start, Side.AFTER, ServerMessages.atPosition(Side.AFTER, start))
                    : null;
        }

        /** A record that ends in a stretch begins at its last byte at the latest. */
        @Override
        public boolean mayMeet(StretchSummary stretch) {
            return !stretch.last().last().isBefore(lsn);
        }
    }

    private record AtName(String name) implements StopTest {
        @Override
        public @Nullable Hit after(Lsn start, @Nullable WalEvent event, boolean isConsistent) {
            if (!(event instanceof WalEvent.RestorePoint point) || !point.name().equals(name)) {
                return null;
            }
            StoppingRecord record = new StoppingRecord(
                    start, Side.AFTER, Optional.empty(), Optional.of(name), Optional.of(point.time()));
            return new Hit(record, ServerMessages.atRestorePoint(name, point.time()));
        }

        @Override
        public boolean mayMeet(StretchSummary stretch) {
            return stretch.count(Occurrence.RESTORE_POINT) > 0;
        }
    }
}

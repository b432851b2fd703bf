package dev.pitr.e2e.differential;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.Inclusion;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RecoveryTargetVisitor;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import java.util.List;
import java.util.Optional;

/**
 * What a server makes of a backup, the WAL on its way, and a target: a naive reading of {@code xlogrecovery.c}, the same
 * in PostgreSQL 13 to 18.
 */
final class RecoveryModel {
    /** How recovery ends. */
    enum Verdict {
        /** At the target. */
        STOPS,
        /** With the last record, and promotion. */
        ENDS,
        /** With an error. */
        FATAL
    }

    /**
     * A recovery's end.
     *
     * @param end where the last replayed record ends
     * @param replayed how many records were replayed
     * @param message what the server logs
     */
    record Result(Verdict verdict, Lsn end, int replayed, String message) {}

    /** Whether a record stops recovery. */
    private enum Stop {
        NO,
        BEFORE,
        AFTER
    }

    private final Backup backup;
    private final List<PlainRecord> records;
    private boolean consistent;

    private RecoveryModel(Backup backup, List<PlainRecord> records) {
        this.backup = backup;
        this.records = records;
    }

    /** Recovers. The records are those that can be read along the history from the backup's start on. */
    static Result recover(
            Backup backup, Optional<TimelineHistory> history, List<PlainRecord> records, RecoveryTarget target) {
        if (history.isEmpty()) {
            return fatal(Lsn.ZERO, 0, "recovery target timeline ");
        }
        if (records.stream().noneMatch(r -> r.start().equals(backup.checkpointLsn()))) {
            // Either "locate required checkpoint record" or, if that is there, "find redo location".
            return fatal(Lsn.ZERO, 0, "could not ");
        }
        if (!history.get().timelineAt(backup.checkpointLsn()).equals(backup.startTimeline())) {
            return fatal(Lsn.ZERO, 0, "requested timeline " + history.get().timeline() + " is not a child");
        }
        return new RecoveryModel(backup, records).run(target);
    }

    private static Result fatal(Lsn end, int replayed, String message) {
        return new Result(Verdict.FATAL, end, replayed, message);
    }

    private Result run(RecoveryTarget target) {
        for (int i = 0; i < records.size(); i++) {
            PlainRecord found = records.get(i);
            if (stops(target, found) == Stop.BEFORE || (consistent && target instanceof RecoveryTarget.Immediate)) {
                return stopped(target, i, "before", found);
            }
            if (found.endedBackup().equals(Optional.of(backup.startLsn()))) {
                consistent = true;
            }
            if (stops(target, found) == Stop.AFTER || (consistent && target instanceof RecoveryTarget.Immediate)) {
                return stopped(target, i + 1, "after", found);
            }
        }
        Lsn end = records.get(records.size() - 1).end();
        if (!(target instanceof RecoveryTarget.Latest)) {
            return fatal(end, records.size(), "recovery ended before configured recovery target was reached");
        }
        return consistent
                ? new Result(Verdict.ENDS, end, records.size(), "archive recovery complete")
                : fatal(end, records.size(), "WAL ends before ");
    }

    private Result stopped(RecoveryTarget target, int replayed, String side, PlainRecord at) {
        Lsn end = replayed == 0 ? backup.startLsn() : records.get(replayed - 1).end();
        return consistent
                ? new Result(Verdict.STOPS, end, replayed, message(target, side, at))
                : fatal(end, replayed, "requested recovery stop point is before consistent recovery point");
    }

    private static String message(RecoveryTarget target, String side, PlainRecord at) {
        if (target instanceof RecoveryTarget.Immediate) {
            return "recovery stopping after reaching consistency";
        }
        if (target instanceof RecoveryTarget.AtLsn) {
            return "recovery stopping " + side + " WAL location (LSN) \"" + at.start() + "\"";
        }
        if (target instanceof RecoveryTarget.Name name) {
            return "recovery stopping at restore point \"" + name.name() + "\", time " + ServerTime.print(at.time());
        }
        return "recovery stopping " + side + " " + (at.isCommit() ? "commit" : "abort") + " of transaction "
                + at.stopXid() + ", time " + ServerTime.print(at.time());
    }

    private static Stop stops(RecoveryTarget target, PlainRecord found) {
        return target.accept(new StopsAt(found));
    }

    private record StopsAt(PlainRecord found) implements RecoveryTargetVisitor<Stop> {
        @Override
        public Stop latest(RecoveryTarget.Latest target) {
            return Stop.NO;
        }

        @Override
        public Stop immediate(RecoveryTarget.Immediate target) {
            return Stop.NO;
        }

        @Override
        public Stop time(RecoveryTarget.Time target) {
            boolean stops = found.isStop()
                    && (target.inclusion() == Inclusion.INCLUSIVE
                            ? found.time().isAfter(target.time())
                            : !found.time().isBefore(target.time()));
            return stops ? Stop.BEFORE : Stop.NO;
        }

        @Override
        public Stop xid(RecoveryTarget.Xid target) {
            if (!found.isStop() || found.stopXid() != target.xid32()) {
                return Stop.NO;
            }
            return target.inclusion() == Inclusion.INCLUSIVE ? Stop.AFTER : Stop.BEFORE;
        }

        @Override
        public Stop lsn(RecoveryTarget.AtLsn target) {
            if (found.start().isBefore(target.lsn())) {
                return Stop.NO;
            }
            return target.inclusion() == Inclusion.INCLUSIVE ? Stop.AFTER : Stop.BEFORE;
        }

        @Override
        public Stop name(RecoveryTarget.Name target) {
            return found.isRestorePoint() && found.restorePointName().equals(target.name()) ? Stop.AFTER : Stop.NO;
        }
    }
}

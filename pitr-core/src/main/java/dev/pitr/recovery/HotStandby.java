package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.WalEvent;
import dev.pitr.wal.record.WalRecord;

/**
 * Whether a recovering server has opened for reading when it gets to its target: only then can it pause there. It opens by a
 * snapshot of running transactions with all their subtransactions, or when all those are gone that ran at a snapshot
 * without ({@code ProcArrayApplyRecoveryInfo} in {@code procarray.c}).
 */
final class HotStandby {
    /** What is known. */
    enum State {
        /** It has. */
        OPEN,
        /** It hasn't: the server promotes instead of pausing. */
        CLOSED,
        /** Too much WAL would have to be read to tell. */
        UNKNOWN
    }

    /** The first snapshot comes with the backup's own checkpoint; others follow every 15 seconds. */
    private static final long MAX_SEGMENTS = 8;

    private final Lsn end;
    private boolean isOpen;
    private boolean isPending;
    private int pendingSince;

    private HotStandby(Lsn end) {
        this.end = end;
    }

    /** The state at the end of a recovery, which is consistent there. */
    static State at(Backup backup, Lsn end, PathRecords records) {
        HotStandby standby = new HotStandby(end);
        long first = WalNeed.first(backup, backup.identity().segmentSize());
        long last = backup.identity().segmentSize().segmentNumber(end.plus(-1));
        records.read(backup.startLsn(), Math.min(last, first + MAX_SEGMENTS - 1), standby::goesOn);
        if (standby.isOpen) {
            return State.OPEN;
        }
        return last - first < MAX_SEGMENTS ? State.CLOSED : State.UNKNOWN;
    }

    private boolean goesOn(WalRecord record) {
        if (Long.compareUnsigned(record.endLsn(), end.value()) > 0) {
            return false;
        }
        record.event().ifPresent(this::replay);
        return !isOpen;
    }

    private void replay(WalEvent event) {
        if (StopRule.isShutdown(event)) {
            isOpen = true;
        } else if (event instanceof WalEvent.RunningTransactions running) {
            boolean isWhole = !running.overflowed() || running.transactions().isEmpty();
            // Transaction numbers go round: a difference tells which comes first.
            boolean areGone = isPending && pendingSince - (int) running.oldestRunning() < 0;
            isOpen = isWhole || areGone;
            pendingSince = isPending ? pendingSince : (int) running.next() - 1;
            isPending = true;
        }
    }
}

package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.Optional;

/** Reads records of the resource manager XLOG: {@code pg_control.h}, {@code xlog_internal.h}. */
final class XlogEvents {
    static final int MASK = 0xF0;
    static final int CHECKPOINT_SHUTDOWN = 0x00;
    static final int CHECKPOINT_ONLINE = 0x10;
    static final int SWITCH = 0x40;
    static final int BACKUP_END = 0x50;
    static final int PARAMETER_CHANGE = 0x60;
    static final int RESTORE_POINT = 0x70;
    static final int FPW_CHANGE = 0x80;
    static final int END_OF_RECOVERY = 0x90;
    static final int OVERWRITE_CONTRECORD = 0xD0;
    static final int CHECKPOINT_REDO = 0xE0;

    private static final int NAME_BYTES = 64;

    private final WalRecord record;
    private final RecordBody body;
    private final Lsn start;
    private final Lsn end;

    private XlogEvents(WalRecord record) {
        this.record = record;
        body = new RecordBody(record);
        start = new Lsn(record.startLsn());
        end = new Lsn(record.endLsn());
    }

    static Optional<WalEvent> read(WalRecord record) {
        int operation = record.info() & MASK;
        return switch (operation) {
            case CHECKPOINT_SHUTDOWN -> Optional.of(new XlogEvents(record).shutdown());
            case CHECKPOINT_ONLINE -> Optional.of(new XlogEvents(record).checkpoint(Checkpoint.Kind.ONLINE));
            case SWITCH ->
                Optional.of(new WalEvent.SegmentSwitch(new Lsn(record.startLsn()), new Lsn(record.endLsn())));
            case BACKUP_END -> Optional.of(new XlogEvents(record).backupEnd());
            case PARAMETER_CHANGE -> Optional.of(new XlogEvents(record).parameterChange());
            case RESTORE_POINT -> Optional.of(new XlogEvents(record).restorePoint());
            case FPW_CHANGE -> Optional.of(new XlogEvents(record).fullPageWritesChange());
            case END_OF_RECOVERY -> Optional.of(new XlogEvents(record).endOfRecovery());
            case OVERWRITE_CONTRECORD -> Optional.of(new XlogEvents(record).continuationOverwritten());
            case CHECKPOINT_REDO -> Optional.of(new XlogEvents(record).checkpointRedo());
            default -> Optional.empty();
        };
    }

    private boolean tellsWalLevel() {
        return record.version().isAtLeast(PostgresVersion.V17);
    }

    private WalEvent shutdown() {
        Checkpoint checkpoint = checkpoint(Checkpoint.Kind.SHUTDOWN);
        return checkpoint.timeline().equals(checkpoint.previousTimeline())
                ? checkpoint
                : new WalEvent.TimelineSwitch(
                        start,
                        end,
                        checkpoint.previousTimeline(),
                        checkpoint.timeline(),
                        checkpoint.time(),
                        Optional.of(checkpoint));
    }

    private Checkpoint checkpoint(Checkpoint.Kind kind) {
        Lsn redo = body.lsn();
        TimelineId timeline = body.timeline();
        TimelineId previous = body.timeline();
        boolean fullPageWrites = body.u8() != 0;
        Optional<WalLevel> level = tellsWalLevel() ? Optional.of(body.moveTo(20).walLevel()) : Optional.empty();
        long next = body.moveTo(24).i64();
        Instant time = body.moveTo(64).seconds();
        long oldestActive = body.moveTo(80).u32();
        return new Checkpoint(
                start, end, kind, redo, timeline, previous, fullPageWrites, level, next, oldestActive, time);
    }

    private WalEvent backupEnd() {
        return new WalEvent.BackupEnd(start, end, body.lsn());
    }

    private WalEvent parameterChange() {
        int maxConnections = body.i32();
        int maxWorkerProcesses = body.i32();
        int maxWalSenders = body.i32();
        int maxPreparedTransactions = body.i32();
        int maxLocksPerTransaction = body.i32();
        return new WalEvent.ParameterChange(
                start,
                end,
                body.walLevel(),
                maxConnections,
                maxWorkerProcesses,
                maxWalSenders,
                maxPreparedTransactions,
                maxLocksPerTransaction,
                body.u8() != 0,
                body.u8() != 0);
    }

    private WalEvent restorePoint() {
        Instant time = body.time();
        return new WalEvent.RestorePoint(start, end, body.text(NAME_BYTES), time);
    }

    private WalEvent fullPageWritesChange() {
        return new WalEvent.FullPageWritesChange(start, end, body.u8() != 0);
    }

    private WalEvent endOfRecovery() {
        Instant time = body.time();
        TimelineId to = body.timeline();
        return new WalEvent.TimelineSwitch(start, end, body.timeline(), to, time, Optional.empty());
    }

    private WalEvent continuationOverwritten() {
        return new WalEvent.ContinuationOverwritten(start, end, body.lsn(), body.time());
    }

    private WalEvent checkpointRedo() {
        return new WalEvent.CheckpointRedo(start, end, body.walLevel());
    }
}

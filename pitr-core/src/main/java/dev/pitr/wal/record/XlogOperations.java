package dev.pitr.wal.record;

/** Operations of the resource manager XLOG: {@code pg_control.h}. */
final class XlogOperations {
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

    private XlogOperations() {}
}

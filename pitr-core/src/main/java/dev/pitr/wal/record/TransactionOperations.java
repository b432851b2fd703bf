package dev.pitr.wal.record;

import org.jspecify.annotations.Nullable;

/** Operations of the resource manager Transaction: {@code xact.h}. */
final class TransactionOperations {
    private static final int MASK = 0x70;
    private static final int COMMIT = 0x00;
    private static final int PREPARE = 0x10;
    private static final int ABORT = 0x20;
    private static final int COMMIT_PREPARED = 0x30;
    private static final int ABORT_PREPARED = 0x40;

    private TransactionOperations() {}

    static StopRecord.@Nullable Kind stop(int info) {
        return switch (info & MASK) {
            case COMMIT -> StopRecord.Kind.COMMIT;
            case ABORT -> StopRecord.Kind.ABORT;
            case COMMIT_PREPARED -> StopRecord.Kind.COMMIT_PREPARED;
            case ABORT_PREPARED -> StopRecord.Kind.ABORT_PREPARED;
            default -> null;
        };
    }

    static boolean isPrepare(int info) {
        return (info & MASK) == PREPARE;
    }
}

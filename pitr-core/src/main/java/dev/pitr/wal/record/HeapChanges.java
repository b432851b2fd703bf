package dev.pitr.wal.record;

import static dev.pitr.wal.record.LittleEndian.u16;
import static dev.pitr.wal.record.LittleEndian.u8;

/** What records of the resource managers Heap and Heap2 do to rows: {@code heapam_xlog.h}. */
final class HeapChanges {
    static final int MASK = 0x70;

    private static final int INSERT = 0x00;
    private static final int DELETE = 0x10;
    private static final int UPDATE = 0x20;
    private static final int HOT_UPDATE = 0x40;
    private static final int HEAP2_MULTI_INSERT = 0x50;
    private static final int DELETE_FLAGS = 7;
    private static final int DELETE_IS_SUPER = 0x08;
    private static final int DELETE_IS_PARTITION_MOVE = 0x10;
    private static final int MULTI_INSERT_COUNT = 2;

    private HeapChanges() {}

    static RowOperation operation(WalRecord record) {
        int operation = record.info() & MASK;
        if (record.resourceManager() == ResourceManagers.HEAP) {
            return switch (operation) {
                case INSERT -> RowOperation.INSERT;
                case DELETE -> delete(record);
                case UPDATE, HOT_UPDATE -> RowOperation.UPDATE;
                default -> RowOperation.NONE;
            };
        }
        boolean isMultiInsert = record.resourceManager() == ResourceManagers.HEAP2 && operation == HEAP2_MULTI_INSERT;
        return isMultiInsert ? RowOperation.INSERT : RowOperation.NONE;
    }

    private static RowOperation delete(WalRecord record) {
        if (record.mainDataAtHand() <= DELETE_FLAGS) {
            return RowOperation.DELETE;
        }
        int flags = u8(record.bytes(), record.mainDataOffset() + DELETE_FLAGS);
        if ((flags & DELETE_IS_SUPER) != 0) {
            return RowOperation.UNDO_INSERT;
        }
        return (flags & DELETE_IS_PARTITION_MOVE) != 0 ? RowOperation.MOVE : RowOperation.DELETE;
    }

    static int rows(WalRecord record) {
        if (record.resourceManager() == ResourceManagers.HEAP2) {
            return record.mainDataAtHand() < MULTI_INSERT_COUNT + 2
                    ? 1
                    : u16(record.bytes(), record.mainDataOffset() + MULTI_INSERT_COUNT);
        }
        return 1;
    }
}

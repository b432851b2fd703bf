package dev.pitr.wal.record;

import java.util.Optional;

/** Finds out which records are events. Allocates nothing for the others. */
final class Events {
    private Events() {}

    static Optional<WalEvent> read(WalRecord record) {
        return switch (record.resourceManager()) {
            case ResourceManagers.XLOG -> XlogEvents.read(record);
            case ResourceManagers.TRANSACTION -> TransactionEvents.read(record);
            case ResourceManagers.STORAGE -> ObjectEvents.storage(record);
            case ResourceManagers.DATABASE -> ObjectEvents.database(record);
            case ResourceManagers.TABLESPACE -> ObjectEvents.tablespace(record);
            case ResourceManagers.RELATION_MAP -> ObjectEvents.relationMap(record);
            case ResourceManagers.STANDBY -> RelationEvents.standby(record);
            case ResourceManagers.HEAP -> RelationEvents.heap(record);
            case ResourceManagers.LOGICAL_MESSAGE -> RelationEvents.message(record);
            default -> Optional.empty();
        };
    }
}

package dev.pitr.recovery;

import dev.pitr.wal.record.WalEvent;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings that a recovering server must not have less of than the one that wrote the WAL: with hot standby, version 13
 * ends with an error at the record that tells of more, later ones pause there ("Hot Standby", section Administrator's
 * Overview).
 */
final class Capacities {
    private Capacities() {}

    /** The most of each that any of the changes tells. */
    static Map<String, Integer> of(List<WalEvent.ParameterChange> changes) {
        Map<String, Integer> result = new TreeMap<>();
        for (WalEvent.ParameterChange change : changes) {
            result.merge("max_connections", change.maxConnections(), Math::max);
            result.merge("max_worker_processes", change.maxWorkerProcesses(), Math::max);
            result.merge("max_wal_senders", change.maxWalSenders(), Math::max);
            result.merge("max_prepared_transactions", change.maxPreparedTransactions(), Math::max);
            result.merge("max_locks_per_transaction", change.maxLocksPerTransaction(), Math::max);
        }
        return Collections.unmodifiableMap(result);
    }
}

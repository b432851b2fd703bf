package dev.pitr.recovery;

import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.WalEvent;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link StopFinder} found.
 *
 * @param stop what the server does
 * @param lastSegment the number of the segment in which the record that stops recovery ends; without one, of the last
 *     segment that can be replayed
 * @param lastRecord the last record replayed, as far as known
 * @param atConsistency the last commit replayed when the backup became consistent, empty if there was none
 * @param fault what ended the WAL, if not its last archived segment
 * @param changes changes of settings that are replayed, in order
 * @param databaseDrops removals of databases that are replayed, in order
 * @param segmentsRead how many segments were opened
 */
record StopSearch(
        RecoveryStop stop,
        long lastSegment,
        Optional<ReplayedRecord> lastRecord,
        Optional<StopPoint> atConsistency,
        Optional<WalFault> fault,
        List<WalEvent.ParameterChange> changes,
        List<WalEvent.DatabaseDropped> databaseDrops,
        long segmentsRead) {
    StopSearch {
        changes = List.copyOf(changes);
        databaseDrops = List.copyOf(databaseDrops);
    }
}

package dev.pitr.postgres;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.util.List;

/**
 * What the server says after it has sent a base backup.
 *
 * @param stopLsn recovery of this backup is consistent once it has replayed WAL up to here (exclusive)
 * @param timeline the timeline of that position
 * @param warnings the server's notices and warnings in the order they came, in the server's language
 */
public record BaseBackupEnd(Lsn stopLsn, TimelineId timeline, List<String> warnings) {
    /** Copies the list. */
    public BaseBackupEnd {
        warnings = List.copyOf(warnings);
    }
}

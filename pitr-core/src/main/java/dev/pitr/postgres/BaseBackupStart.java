package dev.pitr.postgres;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.util.List;

/**
 * What the server says before it sends a base backup.
 *
 * @param startLsn the redo position: recovery reads WAL from here on
 * @param timeline the timeline of that position
 * @param archives the archives that follow, in this order; the data directory is the last
 */
public record BaseBackupStart(Lsn startLsn, TimelineId timeline, List<BaseBackupArchive> archives) {
    /** Copies the list. */
    public BaseBackupStart {
        archives = List.copyOf(archives);
    }
}

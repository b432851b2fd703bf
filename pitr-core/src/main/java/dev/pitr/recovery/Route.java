package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalSegment;
import java.util.List;
import java.util.Optional;

/**
 * The way from a backup to a target.
 *
 * @param segments from the segment of the backup's start; immutable, possibly computed when asked
 * @param isCarried whether they come out of the backup
 * @param isCutShort whether the path goes on behind the last of them, beyond a segment that isn't archived
 * @param proof what was read in the WAL, empty if nobody looked
 */
record Route(
        Backup backup,
        TimelineHistory history,
        List<WalSegment> segments,
        boolean isCarried,
        boolean isCutShort,
        Optional<Proof> proof) {
    WalSegment last() {
        return segments.get(segments.size() - 1);
    }

    /** Whether nothing but more archiving could make the path longer. */
    boolean reachesEndOfArchive() {
        return !isCarried && !isCutShort;
    }

    /** The position behind the last segment. */
    Lsn end() {
        return Words.end(last());
    }
}

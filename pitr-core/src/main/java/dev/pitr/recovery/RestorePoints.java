package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.WalEvent;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The restore points along one timeline. */
final class RestorePoints {
    private final Catalogue catalogue;
    private final WalIndex index;
    private final TimelinePath path;
    private final WalSegmentSize size;

    RestorePoints(Catalogue catalogue, WalIndex index, ArchivedWal wal, TimelineHistory history) {
        this.catalogue = catalogue;
        this.index = index;
        this.size = catalogue.identity().segmentSize();
        this.path = new TimelinePath(history, size, wal);
    }

    Stream<WalEvent.RestorePoint> all() {
        OptionalLong first = catalogue.backups().stream()
                .map(Backup::startLsn)
                .mapToLong(size::segmentNumber)
                .min();
        return first.isEmpty() ? Stream.empty() : from(first.getAsLong());
    }

    private Stream<WalEvent.RestorePoint> from(long first) {
        return archivedRuns(first).stream()
                .flatMap(run -> index.summaries(run, stretch -> stretch.count(Occurrence.RESTORE_POINT) > 0))
                .flatMap(summary -> summary.events().stream())
                .filter(WalEvent.RestorePoint.class::isInstance)
                .map(WalEvent.RestorePoint.class::cast);
    }

    private List<WalCoverage.Run> archivedRuns(long first) {
        OptionalLong last = path.lastArchived(first);
        return last.isEmpty() ? List.of() : path.archived(first, last.getAsLong());
    }
}

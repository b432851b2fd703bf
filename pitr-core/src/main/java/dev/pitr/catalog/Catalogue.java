package dev.pitr.catalog;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The contents of one incarnation of a repository, read at one moment.
 *
 * @param identity whose they are
 * @param backups complete backups, by start position, then identifier
 * @param wal archived segments
 * @param histories the timeline histories that are stored; a timeline without an entry has no stored history
 */
public record Catalogue(
        ClusterIdentity identity, List<Backup> backups, WalCoverage wal, Map<TimelineId, TimelineHistory> histories) {
    /** Copies the collections. */
    public Catalogue {
        backups = List.copyOf(backups);
        histories = java.util.Collections.unmodifiableMap(new TreeMap<>(histories));
    }
}

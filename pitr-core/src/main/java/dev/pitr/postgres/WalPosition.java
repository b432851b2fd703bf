package dev.pitr.postgres;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;

/**
 * A position in the WAL of one timeline.
 *
 * @param timeline the timeline
 * @param lsn the position
 */
public record WalPosition(TimelineId timeline, Lsn lsn) {}

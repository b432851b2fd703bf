package dev.pitr.postgres;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;

/**
 * A stretch of one timeline's WAL that a backup needs to become consistent.
 *
 * @param timeline whose WAL
 * @param start the first position, inclusive
 * @param end the last position, exclusive
 */
public record WalRange(TimelineId timeline, Lsn start, Lsn end) {}

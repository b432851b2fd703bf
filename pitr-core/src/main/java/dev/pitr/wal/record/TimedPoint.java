package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.time.Instant;

/**
 * A record of any kind that tells a time: a stop point, a restore point, a checkpoint, the end of a recovery. Recovery to
 * a time stops at stop points only; the others show that the cluster lived on.
 *
 * @param start the record's first byte
 * @param end where the record ends, the server's {@code EndRecPtr}
 * @param time its time; a checkpoint's is that of its beginning, in whole seconds
 */
public record TimedPoint(Lsn start, Lsn end, Instant time) {}

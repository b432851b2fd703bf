package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.time.Instant;

/**
 * A place where a recovery can stop, in short: what a summary keeps of a {@link StopRecord}.
 *
 * @param kind how the transaction ended
 * @param start the record's first byte
 * @param end where the record ends, the server's {@code EndRecPtr}
 * @param xid the transaction, unsigned 32 bits; of the prepared forms the prepared one
 * @param time when it ended, by the server's clock, to the microsecond
 */
public record StopPoint(StopRecord.Kind kind, Lsn start, Lsn end, long xid, Instant time) {
    /**
     * Shortens a record.
     *
     * @param stop the record
     * @return its place
     */
    public static StopPoint of(StopRecord stop) {
        return new StopPoint(stop.kind(), stop.start(), stop.end(), stop.xid(), stop.time());
    }
}

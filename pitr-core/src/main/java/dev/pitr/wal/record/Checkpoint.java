package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.Optional;

/**
 * A checkpoint: {@code CheckPoint} in PostgreSQL's {@code pg_control.h}.
 *
 * @param start the record's first byte
 * @param end where the record ends
 * @param kind whether the server ran or was shutting down
 * @param redo where replay must begin from this checkpoint: the record itself for a shutdown checkpoint
 * @param timeline the timeline of the record
 * @param previousTimeline the timeline before; another one in the record that starts a timeline
 * @param fullPageWrites whether full-page writes were on
 * @param walLevel the level at the redo point, from version 17 on
 * @param nextTransaction the next transaction id with its epoch, 64 bits
 * @param oldestActive the oldest transaction running at the redo point, 0 if not told
 * @param time when it began, in whole seconds
 */
public record Checkpoint(
        Lsn start,
        Lsn end,
        Kind kind,
        Lsn redo,
        TimelineId timeline,
        TimelineId previousTimeline,
        boolean fullPageWrites,
        Optional<WalLevel> walLevel,
        long nextTransaction,
        long oldestActive,
        Instant time)
        implements WalEvent {
    /** The two kinds of checkpoint. */
    public enum Kind {
        /** The server was running. */
        ONLINE,
        /** The server was shutting down, or ending a recovery. */
        SHUTDOWN
    }

    @Override
    public <R> R accept(WalEventVisitor<R> visitor) {
        return visitor.checkpoint(this);
    }
}

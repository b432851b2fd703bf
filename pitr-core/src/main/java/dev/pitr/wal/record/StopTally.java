package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Adds up stop points without allocating for each: a segment has tens of thousands. */
final class StopTally {
    /** What the server counts microseconds from: {@code POSTGRES_EPOCH_JDATE} in {@code timestamp.h}. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final Place first = new Place();
    private final Place last = new Place();
    private final Place firstCommit = new Place();
    private final Place lastCommit = new Place();
    private long count;
    private long leastTime = Long.MAX_VALUE;
    private long greatestTime = Long.MIN_VALUE;
    private long leastXid = Long.MAX_VALUE;
    private long greatestXid;

    /** A stop point, overwritten by later ones. */
    private static final class Place {
        private StopRecord.@Nullable Kind kind;
        private long start;
        private long end;
        private long xid;
        private long time;

        void set(StopRecord.Kind newKind, WalRecord record, long newXid, long newTime) {
            kind = newKind;
            start = record.startLsn();
            end = record.endLsn();
            xid = newXid;
            time = newTime;
        }

        void setFirst(StopRecord.Kind newKind, WalRecord record, long newXid, long newTime) {
            if (kind == null) {
                set(newKind, record, newXid, newTime);
            }
        }

        @Nullable
        StopPoint point() {
            return kind == null ? null : new StopPoint(kind, new Lsn(start), new Lsn(end), xid, instant(time));
        }
    }

    static Instant instant(long microseconds) {
        return EPOCH.plus(microseconds, ChronoUnit.MICROS);
    }

    /**
     * Adds a stop record.
     *
     * @param time in the server's microseconds
     */
    void add(StopRecord.Kind kind, WalRecord record, long xid, long time) {
        count++;
        leastTime = Math.min(leastTime, time);
        greatestTime = Math.max(greatestTime, time);
        leastXid = Math.min(leastXid, xid);
        greatestXid = Math.max(greatestXid, xid);
        first.setFirst(kind, record, xid, time);
        last.set(kind, record, xid, time);
        if (kind.isCommit()) {
            firstCommit.setFirst(kind, record, xid, time);
            lastCommit.set(kind, record, xid, time);
        }
    }

    /** Admits any transaction: one of them couldn't be read. */
    void addUnknownXid() {
        leastXid = 0;
        greatestXid = 0xFFFF_FFFFL;
    }

    StopStatistics statistics() {
        return count == 0
                ? StopStatistics.NONE
                : StopStatistics.builder()
                        .range(count, instant(leastTime), instant(greatestTime), leastXid, greatestXid)
                        .edges(first.point(), last.point(), firstCommit.point(), lastCommit.point())
                        .build();
    }
}

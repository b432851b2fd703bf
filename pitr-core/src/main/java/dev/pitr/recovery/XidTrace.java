package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.Prepared;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.WalEvent;
import java.util.List;
import java.util.Optional;

/** Why a transaction that somebody knows of has no end in the WAL: it was prepared, or part of another one. */
final class XidTrace {
    /** Transactions with neighbouring numbers mostly end near each other. */
    private static final int MAX_SEGMENTS_READ = 8;

    private final long xid;
    private final TimelinePath path;
    private final WalIndex index;
    private final WalSegmentSize size;

    XidTrace(long xid, TimelinePath path, WalIndex index, WalSegmentSize size) {
        this.xid = xid;
        this.path = path;
        this.index = index;
        this.size = size;
    }

    /** A sentence, beginning with a space. */
    String between(long first, long last) {
        List<WalCoverage.Run> runs = path.archived(first, last);
        return prepared(runs)
                .map(XidTrace::ofPrepared)
                .or(() -> parent(runs).map(this::ofParent))
                .orElse(" It may have been running still at the end of the WAL, or have changed nothing.");
    }

    private static String ofPrepared(Prepared prepared) {
        return " It was prepared at " + TargetTimes.print(prepared.time()) + " as \"" + prepared.globalIdentifier()
                + "\" (record at " + prepared.start() + ") and neither committed nor rolled back since.";
    }

    private String ofParent(StopRecord stop) {
        return " It is a subtransaction of transaction " + stop.xid() + ", which ended at " + stop.end()
                + ": use that one.";
    }

    private Optional<Prepared> prepared(List<WalCoverage.Run> runs) {
        return runs.stream()
                .flatMap(run -> index.summaries(run, stretch -> stretch.count(Occurrence.PREPARED_TRANSACTION) > 0))
                .flatMap(summary -> summary.events().stream())
                .filter(event -> event instanceof Prepared prepared && prepared.xid() == xid)
                .map(Prepared.class::cast)
                .findFirst();
    }

    private Optional<StopRecord> parent(List<WalCoverage.Run> runs) {
        return runs.stream()
                .flatMap(run -> index.summaries(run, this::mayHoldParent))
                .limit(MAX_SEGMENTS_READ)
                .flatMap(summary -> parentIn(summary).stream())
                .findFirst();
    }

    private boolean mayHoldParent(StretchSummary stretch) {
        return stretch.stops().count() > 0
                && stretch.stops().leastXid().getAsLong() < xid
                && stretch.stops().greatestXid().getAsLong() + 1_000 > xid;
    }

    private Optional<StopRecord> parentIn(SegmentSummary summary) {
        StopRecord[] found = new StopRecord[1];
        long number = summary.segment().number();
        new PathRecords(path, index, size).read(new Lsn(number * size.bytes()), number, record -> {
            Optional<WalEvent> event = record.event();
            if (event.isPresent()
                    && event.get() instanceof StopRecord stop
                    && stop.subtransactions().contains(xid)) {
                found[0] = stop;
            }
            return found[0] == null;
        });
        return Optional.ofNullable(found[0]);
    }
}

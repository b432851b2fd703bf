package dev.pitr.wal.record;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what records say, in WAL order: all of a segment, or the one that straddles a boundary. Allocates only for rare
 * records.
 */
final class SummaryTally {
    private static final int HEAP_OPERATION = 0x70;
    private static final int HEAP_TRUNCATE = 0x30;
    private static final int TIME_BYTES = 8;
    private static final int FLAGS_BYTES = 4;
    private static final int HAS_FLAGS = 0x80;
    private static final int HAS_DROPPED_FILES = 0x04;

    private static final Map<Class<? extends WalEvent>, Occurrence> OCCURRENCES = Map.ofEntries(
            Map.entry(WalEvent.RestorePoint.class, Occurrence.RESTORE_POINT),
            Map.entry(Checkpoint.class, Occurrence.CHECKPOINT),
            Map.entry(WalEvent.BackupEnd.class, Occurrence.BACKUP_END),
            Map.entry(WalEvent.TimelineSwitch.class, Occurrence.TIMELINE_SWITCH),
            Map.entry(WalEvent.ParameterChange.class, Occurrence.PARAMETER_CHANGE),
            Map.entry(WalEvent.FullPageWritesChange.class, Occurrence.FULL_PAGE_WRITES_CHANGE),
            Map.entry(WalEvent.ContinuationOverwritten.class, Occurrence.OVERWRITTEN_RECORD),
            Map.entry(WalEvent.DatabaseCreated.class, Occurrence.DATABASE_CREATED),
            Map.entry(WalEvent.DatabaseDropped.class, Occurrence.DATABASE_DROPPED),
            Map.entry(WalEvent.TablespaceCreated.class, Occurrence.TABLESPACE_CREATED),
            Map.entry(WalEvent.TablespaceDropped.class, Occurrence.TABLESPACE_DROPPED),
            Map.entry(Prepared.class, Occurrence.PREPARED_TRANSACTION),
            Map.entry(WalEvent.TablesTruncated.class, Occurrence.TABLES_TRUNCATED));

    private final StopTally stops = new StopTally();
    private final KeptRecords kept = new KeptRecords();
    private final Map<Occurrence, Long> occurrences = new EnumMap<>(Occurrence.class);
    private final @Nullable ChangeTable changes;
    private boolean isIncomplete;
    private long inserted;
    private long updated;
    private long deleted;
    private @Nullable TimedPoint lastTimed;
    private @Nullable WalLevel leastWalLevel;

    /** Without a table, rows are counted only in all. */
    SummaryTally(@Nullable ChangeTable changes) {
        this.changes = changes;
    }

    /** Of a record that straddles a boundary. */
    static SummaryTally of(StraddlingRecord straddling) {
        SummaryTally tally = new SummaryTally(null);
        straddling.record().ifPresentOrElse(tally::add, () -> tally.isIncomplete = true);
        return tally;
    }

    void add(WalRecord record) {
        switch (record.resourceManager()) {
            case ResourceManagers.HEAP, ResourceManagers.HEAP2 -> addHeap(record);
            case ResourceManagers.TRANSACTION -> addTransaction(record);
            case ResourceManagers.XLOG -> addXlog(record);
            case ResourceManagers.DATABASE, ResourceManagers.TABLESPACE -> addRare(record);
            default -> {}
        }
    }

    private void addHeap(WalRecord record) {
        RowOperation operation = record.rowOperation();
        if (operation == RowOperation.NONE) {
            if (record.resourceManager() == ResourceManagers.HEAP
                    && (record.info() & HEAP_OPERATION) == HEAP_TRUNCATE) {
                addRare(record);
            }
            return;
        }
        int rows = record.rows();
        switch (operation) {
            case INSERT -> inserted += rows;
            case UNDO_INSERT -> inserted -= rows;
            case UPDATE -> updated += rows;
            case DELETE, MOVE -> deleted += rows;
            case NONE -> {}
        }
        isIncomplete |= record.mainDataAtHand() < record.mainDataLength();
        if (changes != null) {
            changes.add(record, operation, rows);
        }
    }

    private void addTransaction(WalRecord record) {
        StopRecord.Kind kind = TransactionOperations.stop(record.info());
        if (kind == null) {
            if (TransactionOperations.isPrepare(record.info())) {
                addRare(record);
            }
        } else if (record.mainDataAtHand() < TIME_BYTES) {
            isIncomplete = true;
        } else {
            addStop(kind, record);
        }
    }

    private void addStop(StopRecord.Kind kind, WalRecord record) {
        long time = LittleEndian.i64(record.bytes(), record.mainDataOffset());
        long xid = record.xid();
        if (kind.isPrepared()) {
            StopRecord stop = (StopRecord) read(record).orElse(null);
            if (stop == null) {
                stops.addUnknownXid();
            } else {
                xid = stop.xid();
            }
        }
        stops.add(kind, record, xid, time);
        if (kind.isCommit() && (flags(record) & HAS_DROPPED_FILES) != 0) {
            occurrences.merge(Occurrence.FILES_DROPPED, 1L, Long::sum);
            if (read(record).isPresent()) {
                kept.addFrequent(record);
            }
        }
    }

    private static int flags(WalRecord record) {
        return (record.info() & HAS_FLAGS) != 0 && record.mainDataAtHand() >= TIME_BYTES + FLAGS_BYTES
                ? LittleEndian.i32(record.bytes(), record.mainDataOffset() + TIME_BYTES)
                : 0;
    }

    /** Most records of this resource manager are page images, which say nothing that matters here. */
    private void addXlog(WalRecord record) {
        if (record.blockCount() == 0) {
            addRare(record);
        }
    }

    private void addRare(WalRecord record) {
        read(record).ifPresent(event -> {
            noteLevelAndTime(event);
            Occurrence occurrence = OCCURRENCES.get(event.getClass());
            if (occurrence != null) {
                occurrences.merge(occurrence, 1L, Long::sum);
                kept.add(record);
            }
        });
    }

    /** What a record says; empty if it says nothing that matters, or isn't whole, or not what a server writes. */
    private Optional<WalEvent> read(WalRecord record) {
        try {
            return record.event();
        } catch (WalRecordException e) {
            isIncomplete = true;
            return Optional.empty();
        }
    }

    private void noteLevelAndTime(WalEvent event) {
        if (event instanceof WalEvent.RestorePoint point) {
            lastTimed = new TimedPoint(point.start(), point.end(), point.time());
        } else if (event instanceof Prepared prepared) {
            lastTimed = new TimedPoint(prepared.start(), prepared.end(), prepared.time());
        } else if (event instanceof WalEvent.ContinuationOverwritten overwritten) {
            lastTimed = new TimedPoint(overwritten.start(), overwritten.end(), overwritten.time());
        } else if (event instanceof Checkpoint checkpoint) {
            noteCheckpoint(checkpoint);
        } else if (event instanceof WalEvent.TimelineSwitch start) {
            lastTimed = new TimedPoint(start.start(), start.end(), start.time());
            start.checkpoint().ifPresent(this::noteCheckpoint);
            occurrences.merge(Occurrence.CHECKPOINT, start.checkpoint().isPresent() ? 1L : 0L, Long::sum);
        } else if (event instanceof WalEvent.ParameterChange change) {
            noteLevel(change.walLevel());
        } else if (event instanceof WalEvent.CheckpointRedo redo) {
            noteLevel(redo.walLevel());
        }
    }

    private void noteCheckpoint(Checkpoint checkpoint) {
        lastTimed = new TimedPoint(checkpoint.start(), checkpoint.end(), checkpoint.time());
        checkpoint.walLevel().ifPresent(this::noteLevel);
    }

    private void noteLevel(WalLevel level) {
        leastWalLevel = leastWalLevel == null || level.compareTo(leastWalLevel) < 0 ? level : leastWalLevel;
    }

    void addTo(StretchSummary.Builder stretch) {
        StopStatistics statistics = stops.statistics();
        stretch.stops(statistics).rows(new RowCounts(inserted, updated, deleted));
        occurrences.forEach(stretch::count);
        TimedPoint stopped = statistics
                .last()
                .map(stop -> new TimedPoint(stop.start(), stop.end(), stop.time()))
                .orElse(null);
        if (lastTimed != null && (stopped == null || stopped.start().isBefore(lastTimed.start()))) {
            stretch.timed(lastTimed);
        } else if (stopped != null) {
            stretch.timed(stopped);
        }
        if (leastWalLevel != null) {
            stretch.walLevel(leastWalLevel);
        }
    }

    /** Adds the records kept, before later ones. */
    void addTo(SegmentSummary.Builder segment, List<KeptRecord> later) {
        kept.addAll(later);
        segment.records(kept.records());
        if (kept.isCut()) {
            segment.cut(SegmentSummary.Part.EVENTS);
        }
        if (isIncomplete) {
            segment.cut(SegmentSummary.Part.LONG_RECORD);
        }
    }
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalEvent;
import dev.pitr.wal.record.WalRecord;
import java.util.List;
import java.util.Optional;

/**
 * Looks for a {@code DROP DATABASE} that a recovery would do half: its files are removed at once, by a record of their own,
 * before the transaction commits. A stop between the two leaves the database in the catalog without its files.
 */
final class DatabaseDropCheck {
    /**
     * A drop that is done half.
     *
     * @param database its OID
     * @param undone the position of which an exclusive target leaves the database whole
     */
    record HalfDrop(long database, Lsn undone) {}

    /** The commit follows the removal of files at once; the mark, a checkpoint before it. */
    private static final long MAX_BYTES = 64L << 20;

    private static final RelationFile PG_DATABASE = new RelationFile(1664, 0, 1262);

    private final Backup backup;
    private final PathRecords records;
    private final WalSegmentSize size;
    private boolean isCommitted;
    private Optional<Lsn> mark = Optional.empty();

    private DatabaseDropCheck(Backup backup, PathRecords records) {
        this.backup = backup;
        this.records = records;
        this.size = backup.identity().segmentSize();
    }

    static Optional<HalfDrop> of(Backup backup, List<WalEvent.DatabaseDropped> drops, Lsn end, PathRecords records) {
        if (drops.isEmpty()) {
            return Optional.empty();
        }
        WalEvent.DatabaseDropped last = drops.get(drops.size() - 1);
        boolean isLongAgo = end.bytesSince(last.start()) > MAX_BYTES;
        return isLongAgo ? Optional.empty() : new DatabaseDropCheck(backup, records).check(last, end);
    }

    private Optional<HalfDrop> check(WalEvent.DatabaseDropped drop, Lsn end) {
        long last = size.segmentNumber(end.plus(-1));
        records.read(drop.start(), last, record -> isBefore(record, end) && !commits(record, drop.xid()));
        if (isCommitted) {
            return Optional.empty();
        }
        findMark(drop.start());
        return Optional.of(new HalfDrop(drop.database(), mark.orElse(drop.start())));
    }

    private boolean commits(WalRecord record, long xid) {
        isCommitted |= record.event()
                .filter(event -> event instanceof StopRecord stop && stop.xid() == xid)
                .isPresent();
        return isCommitted;
    }

    /** The row in pg_database that is overwritten in place, before the checkpoint that the command waits for. */
    private void findMark(Lsn drop) {
        long first = WalNeed.first(backup, size);
        long last = size.segmentNumber(drop);
        long oldest = Math.max(first, last - MAX_BYTES / size.bytes());
        for (long number = last; number >= oldest && mark.isEmpty(); number--) {
            Lsn from = number == first ? backup.startLsn() : new Lsn(number * size.bytes());
            records.read(from, number, record -> isBefore(record, drop) && noteMark(record));
        }
    }

    private boolean noteMark(WalRecord record) {
        record.event()
                .filter(event -> event instanceof WalEvent.ChangedInPlace change
                        && change.file().equals(PG_DATABASE))
                .ifPresent(event -> mark = Optional.of(event.start()));
        return true;
    }

    private static boolean isBefore(WalRecord record, Lsn end) {
        return Long.compareUnsigned(record.endLsn(), end.value()) <= 0;
    }
}

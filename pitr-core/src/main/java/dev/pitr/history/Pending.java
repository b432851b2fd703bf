package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.record.WalEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Something found that may be an entry: a transaction whose beginning may not be read yet, or a record of its own. */
final class Pending {
    private final @Nullable Ended ended;
    private final @Nullable WalEvent mark;
    private int extraSegments;
    private boolean isWhole;
    private boolean isDone;

    private Pending(@Nullable Ended ended, @Nullable WalEvent mark) {
        this.ended = ended;
        this.mark = mark;
        isWhole = mark != null;
        isDone = mark != null;
    }

    static Pending of(Ended ended) {
        return new Pending(ended, null);
    }

    static Pending of(WalEvent mark) {
        return new Pending(null, mark);
    }

    @Nullable
    Ended ended() {
        return ended;
    }

    WalEvent mark() {
        return Objects.requireNonNull(mark);
    }

    Lsn position() {
        return ended == null ? mark().start() : ended.stop().start();
    }

    /** Adds what it did in an older segment. */
    void addOlder(SegmentRecords records) {
        if (ended == null) {
            return;
        }
        addOlder(records, ended.stop().xid());
        ended.stop().subtransactions().forEach(subtransaction -> addOlder(records, subtransaction));
        DatabaseDrop drop = ended.tally().databaseDrop();
        if (drop != null && drop.row() != null && drop.markedAt() == null) {
            Lsn markedAt = records.databaseMark(drop.row());
            if (markedAt != null) {
                ended.tally().addDatabaseMark(markedAt);
            }
        }
    }

    private void addOlder(SegmentRecords records, long xid) {
        TransactionTally older = records.take(xid);
        if (older != null && ended != null) {
            ended.tally().add(older);
        }
    }

    /**
     * Notes that one more segment was read, and whether that is enough.
     *
     * @param isPlainDropEnough whether a drop needn't be read to its beginning
     * @param extraSegments 1 if the segment was read for its sake only, else 0
     * @param maxExtra how many may be
     */
    void judge(
            SegmentRecords records,
            boolean isPlainDropEnough,
            PostgresVersion version,
            int extraSegments,
            int maxExtra) {
        if (isDone || ended == null) {
            return;
        }
        this.extraSegments += extraSegments;
        long xid = ended.stop().xid();
        isWhole = records.snapshots().stream().anyMatch(running -> !Xids.precedes(xid, running.next()));
        DatabaseDrop drop = ended.tally().databaseDrop();
        boolean isEnough = drop == null
                ? isPlainDropEnough && Fingerprint.isPlainDrop(ended, version)
                : isPlainDropEnough && drop.row() != null && drop.markedAt() != null;
        boolean isLast = extraSegments > 0 && this.extraSegments >= maxExtra;
        isDone = isWhole || isEnough || isLast;
    }

    /** Nothing more can be read for it. */
    void giveUp() {
        isDone = true;
    }

    boolean isDone() {
        return isDone;
    }

    boolean isWhole() {
        return isWhole && (ended == null || !ended.tally().isCut());
    }
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.testing.WalWriter;
import dev.pitr.testing.WalWriter.Span;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Tells what happened on a cluster, writes its WAL, and archives it. Segments are of 1 MiB; it begins at 10 o'clock. */
final class WalStory {
    static final Instant TEN = Instant.parse("2026-11-20T10:00:00Z");

    private final World world = new World();
    private final NavigableMap<Long, WalWriter> timelines = new TreeMap<>();
    private final NavigableMap<WalSegment, byte[]> archive = new TreeMap<>();
    private WalWriter wal = new WalWriter(World.IDENTITY, TimelineId.FIRST, 3);

    WalStory() {
        timelines.put(1L, wal);
        wal.filler(64);
    }

    /** A moment after ten. */
    static Instant at(long microseconds) {
        return TEN.plusNanos(1000 * microseconds);
    }

    WalWriter wal() {
        return wal;
    }

    World world() {
        return world;
    }

    /** A backup of a primary that ends at a time, with nothing but a checkpoint inside. */
    WalStory backup(String id, long finishedMicroseconds) {
        Lsn redo = wal.runningTransactions(false).start();
        return backup(id, redo, finishedMicroseconds);
    }

    /** A backup that began at a record and ends now. */
    WalStory backup(String id, Lsn redo, long finishedMicroseconds) {
        wal.checkpoint(redo, at(finishedMicroseconds).minusSeconds(1));
        Span end = wal.backupEnd(redo);
        return recorded(id, redo, end.end(), finishedMicroseconds, builder -> builder);
    }

    WalStory recorded(
            String id,
            Lsn redo,
            Lsn stop,
            long finishedMicroseconds,
            UnaryOperator<dev.pitr.catalog.BackupBuilder> more) {
        long timeline = timeline();
        world.backup(id, timeline, redo, timeline, stop, at(finishedMicroseconds), more);
        return this;
    }

    WalStory commit(long xid, long microseconds) {
        wal.commit(xid, at(microseconds));
        return this;
    }

    WalStory filler(int bytes) {
        wal.filler(bytes);
        return this;
    }

    /** Goes on in the next segment and archives all that is full. */
    WalStory switchSegment() {
        wal.switchSegment();
        return this;
    }

    long timeline() {
        return timelines.lastKey();
    }

    /** The server is promoted here: a new timeline begins. */
    WalStory promote(long microseconds) {
        long child = timeline() + 1;
        TimelineId parent = new TimelineId(timeline());
        world.fork(child, timeline(), wal.position());
        wal = wal.fork(new TimelineId(child));
        timelines.put(child, wal);
        wal.endOfRecovery(parent, at(microseconds));
        return this;
    }

    /** Archives what is full: all up to the position where the WAL goes on. */
    WalStory archive() {
        timelines
                .values()
                .forEach(writer -> writer.files().forEach((segment, bytes) -> {
                    if (!segment.last().plus(1).isAfter(writer.position())) {
                        archive.put(segment, bytes);
                        world.wal(segment.timeline().value(), segment.number(), segment.number());
                    }
                }));
        return this;
    }

    WalStory without(long timeline, long number) {
        archive.remove(World.segment(timeline, number));
        world.without(timeline, number);
        return this;
    }

    byte[] file(long timeline, long number) {
        return archive.get(World.segment(timeline, number));
    }

    MadeIndex index(int segmentsPerStretch) {
        MadeIndex index = new MadeIndex(segmentsPerStretch);
        archive.forEach(index::add);
        return index;
    }

    Catalogue catalogue() {
        return world.catalogue();
    }

    List<Backup> backups() {
        return catalogue().backups();
    }

    RestorePlanBuilder plan(RecoveryTarget target) {
        return RestorePlan.from(catalogue()).index(index(4)).target(target);
    }

    RecoveryWindowCalculator windows() {
        return RecoveryWindowCalculator.of(catalogue(), index(4));
    }
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.BackupBuilder;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.Unreadable;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** Writes down a catalogue in few words. Segments are of 1 MiB: segment 5 begins at 0/500000. */
final class World {
    static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
    static final ClusterIdentity IDENTITY = new ClusterIdentity(7412345678901234567L, PostgresVersion.V18, SIZE);
    static final long STORED_SEGMENT_BYTES = 1000;

    private final List<Backup> backups = new ArrayList<>();
    private final TreeSet<WalSegment> wal = new TreeSet<>();
    private final TreeSet<WalSegment> partials = new TreeSet<>();
    private final Map<TimelineId, TimelineHistory> histories = new TreeMap<>();
    private final List<Unreadable> unreadable = new ArrayList<>();
    private final TreeSet<TimelineId> withoutFile = new TreeSet<>();

    static Lsn at(long segment, long offset) {
        return new Lsn(segment * SIZE.bytes() + offset);
    }

    static WalSegment segment(long timeline, long number) {
        return new WalSegment(new TimelineId(timeline), number, SIZE);
    }

    /** Archives segments of a timeline, both ends inclusive. */
    World wal(long timeline, long first, long last) {
        for (long number = first; number <= last; number++) {
            wal.add(segment(timeline, number));
        }
        return this;
    }

    World without(long timeline, long number) {
        wal.remove(segment(timeline, number));
        return this;
    }

    World partial(long timeline, long number) {
        partials.add(segment(timeline, number));
        return this;
    }

    /** Lets a timeline begin; its history file is stored. */
    World fork(long child, long parent, Lsn switchPoint) {
        TimelineId id = new TimelineId(child);
        TimelineId parentId = new TimelineId(parent);
        List<TimelineHistory.Fork> forks = new ArrayList<>();
        if (histories.containsKey(parentId)) {
            forks.addAll(histories.get(parentId).forks());
        }
        forks.add(new TimelineHistory.Fork(parentId, switchPoint, "no recovery target specified"));
        histories.put(id, new TimelineHistory(id, forks));
        return this;
    }

    World unreadableBackup(String key) {
        unreadable.add(new Unreadable(Unreadable.Kind.BACKUP, key, "repository.corrupt", "It is damaged."));
        return this;
    }

    World withoutHistory(long timeline) {
        withoutFile.add(new TimelineId(timeline));
        return this;
    }

    /** A primary's backup that ended at 10 o'clock and half a second. */
    World backup(String id, long timeline, Lsn start, Lsn stop) {
        return backup(id, timeline, start, stop, Instant.parse("2026-11-20T10:00:00.5Z"));
    }

    World backup(String id, long timeline, Lsn start, Lsn stop, Instant finished) {
        return backup(id, timeline, start, timeline, stop, finished, builder -> builder);
    }

    World backup(
            String id,
            long startTimeline,
            Lsn start,
            long stopTimeline,
            Lsn stop,
            Instant finished,
            UnaryOperator<BackupBuilder> more) {
        BackupBuilder builder = Backup.builder()
                .id(id)
                .identity(IDENTITY)
                .serverVersion("18.3")
                .label("nightly")
                .time(finished.minus(Duration.ofMinutes(10)), finished)
                .start(new TimelineId(startTimeline), start, start.plus(56))
                .stop(new TimelineId(stopTimeline), stop)
                .baseRawSizeBytes(40_000_000)
                .fileCount(1200)
                .compression("zstd:3")
                .object(new Backup.StoredObject("base/00001.tar.zst", 5_000_000, "0".repeat(64)))
                .object(new Backup.StoredObject("manifest.json.zst", 40_000, "1".repeat(64)));
        backups.add(more.apply(builder).build());
        return this;
    }

    Catalogue catalogue() {
        WalCoverage.Builder coverage = WalCoverage.builder();
        wal.forEach(segment -> coverage.add(segment, STORED_SEGMENT_BYTES));
        Catalogue.Builder catalogue = Catalogue.builder(IDENTITY).wal(coverage.build());
        backups.forEach(catalogue::backup);
        partials.forEach(catalogue::partial);
        histories.values().stream()
                .filter(history -> !withoutFile.contains(history.timeline()))
                .forEach(catalogue::history);
        unreadable.forEach(catalogue::unreadable);
        return catalogue.build();
    }

    RestorePlanBuilder plan(RecoveryTarget target) {
        return RestorePlan.from(catalogue()).target(target);
    }
}

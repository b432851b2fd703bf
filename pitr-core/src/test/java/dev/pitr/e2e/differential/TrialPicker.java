package dev.pitr.e2e.differential;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Picks targets at random: of every kind, inclusive and exclusive, every second one where mistakes live. */
final class TrialPicker {
    private static final long NEVER_USED_XID = 900_000;

    private final World world;
    private final Random random;
    private Backup backup;
    private TimelineId timeline;
    private List<PlainRecord> records;

    TrialPicker(World world, long seed) {
        this.world = world;
        this.random = new Random(seed * 7 + 1);
    }

    /** One near a segment that will be missing, if the path leads there. */
    Trial nextNear(WalSegment hole) {
        for (int i = 0; i < 20; i++) {
            pickPath();
            List<PlainRecord> inside = records.stream()
                    .filter(found -> World.SEGMENT.segmentNumber(found.start()) == hole.number())
                    .toList();
            if (!inside.isEmpty()) {
                records = random.nextBoolean() ? inside : records;
                return pickTarget();
            }
        }
        return next();
    }

    Trial next() {
        pickPath();
        return pickTarget();
    }

    private void pickPath() {
        List<Backup> backups = world.catalogue().backups();
        backup = any(backups);
        List<TimelineId> possible = world.timelines().stream()
                .filter(t -> world.backupsOn(t).contains(backup))
                .toList();
        // Now and then one that the backup isn't on, or that nobody knows.
        timeline = random.nextInt(20) == 0 ? anyTimeline() : any(possible);
        records = world.records(backup, possible.contains(timeline) ? timeline : any(possible));
    }

    private Trial pickTarget() {
        int die = random.nextInt(100);
        if (die < 35) {
            return time();
        }
        if (die < 60) {
            return xid();
        }
        if (die < 83) {
            return lsn();
        }
        if (die < 93) {
            return name();
        }
        return die < 97 ? trial(RecoveryTarget.immediate(), "") : trial(RecoveryTarget.latest(), "");
    }

    private TimelineId anyTimeline() {
        List<TimelineId> known = new ArrayList<>(world.timelines());
        known.add(new TimelineId(known.size() + 5L));
        return any(known);
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Trial trial(RecoveryTarget target, String edge) {
        return new Trial(backup, random.nextInt(4) == 0, timeline, target, edge);
    }

    private Trial time() {
        List<PlainRecord> stops = records.stream().filter(PlainRecord::isStop).toList();
        if (stops.isEmpty() || random.nextInt(12) == 0) {
            return inclusiveOrNot(backup.finishedAt().plus(random.nextInt(5) - 2L, ChronoUnit.MICROS), "backup's end");
        }
        int i = random.nextInt(stops.size());
        Instant time = stops.get(i).time();
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                return inclusiveOrNot(
                        time, i > 0 && stops.get(i - 1).time().equals(time) ? "equal times" : "equal time");
            }
            case 2 -> {
                return inclusiveOrNot(time.minus(1, ChronoUnit.MICROS), "1 microsecond before");
            }
            case 3 -> {
                return inclusiveOrNot(time.plus(1, ChronoUnit.MICROS), "1 microsecond behind");
            }
            case 4 -> {
                return inclusiveOrNot(last(stops).time().plus(random.nextInt(3) - 1L, ChronoUnit.MICROS), "last");
            }
            default -> {
                Instant first = stops.get(0).time();
                long span =
                        Math.abs(ChronoUnit.MICROS.between(first, last(stops).time())) + 2;
                return inclusiveOrNot(first.plus((long) (random.nextDouble() * span) - 1, ChronoUnit.MICROS), "");
            }
        }
    }

    private static <T> T last(List<T> values) {
        return values.get(values.size() - 1);
    }

    private Trial inclusiveOrNot(Instant time, String edge) {
        RecoveryTarget.Time target = RecoveryTarget.time(time);
        return trial(random.nextBoolean() ? target : target.exclusive(), edge);
    }

    private Trial xid() {
        Set<Long> ended = new TreeSet<>();
        Set<Long> written = new TreeSet<>();
        Set<Long> aborted = new TreeSet<>();
        Set<Long> prepared = new TreeSet<>();
        for (PlainRecord found : records) {
            written.add(found.headerXid());
            if (found.isStop()) {
                ended.add(found.stopXid());
                (found.isPrepared() ? prepared : found.isCommit() ? ended : aborted).add(found.stopXid());
            }
        }
        written.removeAll(ended);
        written.remove(0L);
        return switch (random.nextInt(7)) {
            case 0 -> xid(written, "a subtransaction, or never ended");
            case 1 -> xid(aborted, "aborted");
            case 2 -> xid(prepared, "two-phase");
            case 3 -> xid(Set.of(NEVER_USED_XID + random.nextInt(5)), "never used");
            case 4 -> xid(ended.stream().limit(1).collect(Collectors.toSet()), "first");
            default -> xid(ended, "");
        };
    }

    private Trial xid(Set<Long> from, String edge) {
        RecoveryTarget.Xid target = RecoveryTarget.xid(from.isEmpty() ? NEVER_USED_XID : any(List.copyOf(from)));
        return trial(random.nextBoolean() ? target : target.exclusive(), edge);
    }

    private Trial lsn() {
        int near = any(List.of(-8, -1, 0, 1, 8));
        PlainRecord somewhere = any(records);
        return switch (random.nextInt(9)) {
            case 0 -> lsn(backup.stopLsn().plus(near), "consistency");
            case 1 -> lsn(backup.startLsn().plus(near), "start of the backup");
            case 2 -> lsn(somewhere.start().plus(near), "start of a record");
            case 3 -> lsn(somewhere.end().plus(near), "end of a record");
            case 4 -> lsn(last(records).start().plus(near), "start of the last record");
            case 5 -> lsn(last(records).end().plus(near), "end of the last record");
            case 6 -> lsn(fork().plus(near), "fork");
            case 7 -> lsn(boundary(somewhere).plus(near), "segment boundary");
            default -> {
                long span = last(records).end().bytesSince(records.get(0).start());
                yield lsn(records.get(0).start().plus((long) (random.nextDouble() * span)), "");
            }
        };
    }

    private static Lsn boundary(PlainRecord near) {
        long bytes = World.SEGMENT.bytes();
        return new Lsn(near.start().value() / bytes * bytes);
    }

    /** A switch point of any timeline's, or anything if there is none. */
    private Lsn fork() {
        List<Lsn> forks = world.catalogue().histories().values().stream()
                .flatMap(history -> history.forks().stream())
                .map(TimelineHistory.Fork::switchPoint)
                .toList();
        return forks.isEmpty() ? any(records).start() : any(forks);
    }

    private Trial lsn(Lsn at, String edge) {
        RecoveryTarget.AtLsn target = RecoveryTarget.lsn(at);
        return trial(random.nextBoolean() ? target : target.exclusive(), edge);
    }

    private Trial name() {
        if (random.nextInt(6) == 0) {
            return trial(RecoveryTarget.name("nobody's"), "unknown name");
        }
        List<PlainRecord> points =
                records.stream().filter(PlainRecord::isRestorePoint).toList();
        return points.isEmpty()
                ? trial(RecoveryTarget.name("noon"), "name elsewhere")
                : trial(RecoveryTarget.name(any(points).restorePointName()), "");
    }
}

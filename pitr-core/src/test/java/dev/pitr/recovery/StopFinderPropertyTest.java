package dev.pitr.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.record.WalEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What is found by passing over what can't matter is what the rule tells of every single record. */
class StopFinderPropertyTest {
    /** What happened, and where something can be asked for. */
    static final class Made {
        final WalStory story = new WalStory();
        final List<Lsn> positions = new ArrayList<>();
        final List<Long> xids = new ArrayList<>();
        final List<Long> times = new ArrayList<>();
        private @Nullable MadeIndex index;

        /** The index, of which nothing was opened. */
        MadeIndex index(int segmentsPerStretch) {
            if (index == null) {
                index = story.index(1);
            }
            return index.inStretchesOf(segmentsPerStretch);
        }
    }

    @Property(tries = 100)
    void theIndexChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        Made made = make(random);
        for (int i = 0; i < 12; i++) {
            RecoveryTarget target = target(random, made);
            compare(made, target, random);
        }
    }

    @Example
    void theCasesAreOfAllKinds() {
        Map<RecoveryStop.Outcome, Integer> outcomes = new EnumMap<>(RecoveryStop.Outcome.class);
        Map<RecoveryStop.Failure, Integer> failures = new EnumMap<>(RecoveryStop.Failure.class);
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            Made made = make(random);
            for (int i = 0; i < 12; i++) {
                RecoveryStop stop = compare(made, target(random, made), random);
                if (stop != null) {
                    outcomes.merge(stop.outcome(), 1, Integer::sum);
                    stop.failure().ifPresent(failure -> failures.merge(failure, 1, Integer::sum));
                }
            }
        }
        assertThat(outcomes.get(RecoveryStop.Outcome.STOPS_EXACTLY)).isGreaterThan(100);
        assertThat(failures)
                .containsKeys(RecoveryStop.Failure.STOP_BEFORE_CONSISTENT, RecoveryStop.Failure.TARGET_NOT_REACHED);
    }

    private static @Nullable RecoveryStop compare(Made made, RecoveryTarget target, Random random) {
        Catalogue catalogue = made.story.catalogue();
        Backup backup =
                catalogue.backups().get(random.nextInt(catalogue.backups().size()));
        TimelineHistory history = history(catalogue, 1 + random.nextInt((int) made.story.timeline()));
        ArchivedWal wal = new ArchivedWal(catalogue.wal());
        TimelinePath path = new TimelinePath(history, World.SIZE, wal);
        long first = WalNeed.first(backup, World.SIZE);
        long through = path.unbrokenThrough(first);
        if (!RouteFinder.passesThrough(history, backup) || through < first) {
            return null;
        }
        MadeIndex index = made.index(1 + random.nextInt(6));
        StopSearch found = new StopFinder(backup, target, path, index, StopFinder.Purpose.PLAN).find(through);
        RecoveryStop expected = recordByRecord(backup, target, path, made.index(1), through);

        assertThat(found.stop().outcome()).isEqualTo(expected.outcome());
        assertThat(found.stop().failure()).isEqualTo(expected.failure());
        assertThat(found.stop().end()).isEqualTo(expected.end());
        assertThat(found.stop().record()).isEqualTo(expected.record());
        assertThat(found.stop().lastCommit()).isEqualTo(expected.lastCommit());
        assertThat(found.stop().lastTransaction()).isEqualTo(expected.lastTransaction());
        assertThat(index.opened()).hasSizeLessThanOrEqualTo(2 * (int) (through - first + 1));
        return expected;
    }

    /** Every record from the redo point on, one after the other. */
    private static RecoveryStop recordByRecord(
            Backup backup, RecoveryTarget target, TimelinePath path, MadeIndex index, long through) {
        StopRule rule = new StopRule(backup, target);
        RecoveryStop[] stop = new RecoveryStop[1];
        new PathRecords(path, index, World.SIZE).read(backup.startLsn(), through, record -> {
            WalEvent event = record.event().orElse(null);
            stop[0] = rule.replay(new Lsn(record.startLsn()), new Lsn(record.endLsn()), event);
            return stop[0] == null;
        });
        return stop[0] == null ? rule.endOfWal() : stop[0];
    }

    private static TimelineHistory history(Catalogue catalogue, long timeline) {
        TimelineId id = new TimelineId(timeline);
        return timeline == 1
                ? TimelineHistory.withoutParents(id)
                : catalogue.histories().get(id);
    }

    static Made make(Random random) {
        Made made = new Made();
        WalStory story = made.story;
        long clock = 0;
        long xid = 700;
        int backups = 0;
        int steps = 30 + random.nextInt(60);
        for (int i = 0; i < steps; i++) {
            clock += random.nextInt(12) == 0 ? -random.nextInt(40) : random.nextInt(10);
            made.positions.add(story.wal().position());
            made.times.add(clock);
            switch (random.nextInt(15)) {
                case 0, 1, 2 -> story.commit(note(made, xid++), clock);
                case 3 -> story.wal().abort(note(made, xid++), WalStory.at(clock));
                case 4 -> {
                    story.wal().prepare(note(made, xid), WalStory.at(clock), "g" + xid);
                    story.filler(random.nextInt(20000));
                    boolean commits = random.nextBoolean();
                    clock += random.nextInt(5);
                    if (commits) {
                        story.wal().commitPrepared(xid++, WalStory.at(clock));
                    } else {
                        story.wal().abortPrepared(xid++, WalStory.at(clock));
                    }
                }
                case 5 -> story.wal().restorePoint("p" + random.nextInt(3), WalStory.at(clock));
                case 6 -> story.wal().commit(note(made, xid), WalStory.at(clock), List.of(xid + 1, xid + 2));
                case 7 -> story.backup("b" + backups++, clock);
                case 8 -> {
                    Lsn redo = story.wal().runningTransactions(false).start();
                    story.filler(random.nextInt(300000)).commit(note(made, xid++), clock);
                    story.backup("b" + backups++, redo, clock);
                }
                case 9 -> {
                    Lsn redo = story.filler(8).wal().runningTransactions(false).start();
                    story.wal().checkpoint(redo, WalStory.at(clock));
                    Lsn stop = story.filler(random.nextInt(100000)).wal().position();
                    story.recorded("s" + backups++, redo, stop, clock, builder -> builder.fromStandby());
                }
                case 10 -> story.switchSegment();
                case 11 -> {
                    if (story.timeline() < 4 && random.nextInt(3) == 0) {
                        story.promote(clock);
                    }
                }
                case 12 -> story.wal().crash(random.nextInt(2_000_000), WalStory.at(clock));
                default -> story.filler(random.nextInt(5) == 0 ? random.nextInt(2_500_000) : random.nextInt(40000));
            }
            xid += random.nextInt(3);
        }
        if (backups == 0) {
            story.backup("b", clock);
        }
        if (random.nextBoolean()) {
            story.switchSegment();
        }
        story.archive();
        if (random.nextInt(6) == 0) {
            story.without(story.timeline(), 3 + random.nextInt(12));
        }
        return made;
    }

    private static long note(Made made, long xid) {
        made.xids.add(xid);
        return xid;
    }

    private static RecoveryTarget target(Random random, Made made) {
        long time = pick(made.times, random) + random.nextInt(3) - 1;
        RecoveryTarget.Time at = RecoveryTarget.time(WalStory.at(time));
        RecoveryTarget.AtLsn position =
                RecoveryTarget.lsn(pick(made.positions, random).plus(8L * (random.nextInt(3) - 1)));
        RecoveryTarget.Xid xid = RecoveryTarget.xid(
                made.xids.isEmpty() ? 700 : pick(made.xids, random) + (random.nextInt(5) == 0 ? 1 : 0));
        return switch (random.nextInt(9)) {
            case 0 -> RecoveryTarget.immediate();
            case 1 -> RecoveryTarget.latest();
            case 2 -> RecoveryTarget.name("p" + random.nextInt(3));
            case 3 -> xid;
            case 4 -> xid.exclusive();
            case 5 -> at;
            case 6 -> at.exclusive();
            case 7 -> position;
            default -> position.exclusive();
        };
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}

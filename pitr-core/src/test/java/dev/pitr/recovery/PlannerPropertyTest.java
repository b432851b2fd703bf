package dev.pitr.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.recovery.SimulatedServer.End;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The planner agrees with a simulated server over random catalogues of timelines, forks, gaps and backups. */
class PlannerPropertyTest {
    private static final Instant MORNING = Instant.parse("2026-11-20T06:00:00.5Z");
    private static final int MAX_SEGMENT = 24;

    /** One request against one catalogue. */
    private record Case(Catalogue catalogue, RecoveryTarget target, TimelineTarget timeline) {
        RestorePlan plan() {
            return RestorePlan.from(catalogue).target(target).timeline(timeline).build();
        }
    }

    @Property
    void aPlannedServerReachesTheTargetFromItsOwnFiles(@ForAll long seed) {
        Case given = randomCase(new Random(seed));
        Optional<RestorePlan> plan = planOf(given);
        if (plan.isEmpty()) {
            return;
        }
        Backup backup = plan.get().backup();
        long timeline = plan.get().history().timeline().value();
        long last = plan.get().segments().get(plan.get().segments().size() - 1).number();
        SimulatedServer served =
                new SimulatedServer(given.catalogue(), plan.get().walFiles());
        SimulatedServer unbounded = new SimulatedServer(given.catalogue());

        assertThat(served.recover(backup, timeline, last)).isEqualTo(End.REACHED);
        assertThat(served.read).isEqualTo(plan.get().segments());
        assertThat(unbounded.recover(backup, timeline, last)).isEqualTo(End.REACHED);
        assertThat(last).isGreaterThanOrEqualTo(needed(given, unbounded, backup, timeline));
        assertThat(isConsistentBefore(backup, given.target())).isTrue();
        assertThat(served.recover(backup, timeline, last + 1)).isEqualTo(End.FATAL);
    }

    @Property
    void findsTheNewestBackupThatWorksAndRefusesOnlyIfNoneDoes(@ForAll long seed) {
        Case given = randomCase(new Random(seed));
        Optional<Backup> newest = given.catalogue().backups().stream()
                .filter(backup -> works(given, backup))
                .max(Comparator.comparing(Backup::stopLsn).thenComparing(Backup::id));
        Optional<String> planned = planOf(given).map(plan -> plan.backup().id());

        if (given.target() instanceof RecoveryTarget.Time) {
            assertThat(planned.isPresent() || newest.isEmpty()).isTrue();
        } else {
            assertThat(planned).isEqualTo(newest.map(Backup::id));
        }
    }

    @Property
    void everyAlternativeCanBePlanned(@ForAll long seed) {
        Case given = randomCase(new Random(seed));
        try {
            given.plan();
        } catch (RestoreRefusedException refused) {
            for (Refusal refusal : refused.refusals()) {
                refusal.alternative()
                        .ifPresent(alternative -> assertThat(
                                        planOf(given.catalogue(), alternative).backup())
                                .isEqualTo(alternative.backup()));
            }
            assertThat(refused.getMessage()).startsWith("Cannot restore to ");
        }
    }

    @Example
    void theCasesAreOfAllKinds() {
        int plans = 0;
        int acrossForks = 0;
        Map<Refusal.Kind, Integer> kinds = new EnumMap<>(Refusal.Kind.class);
        for (long seed = 0; seed < 3000; seed++) {
            try {
                RestorePlan plan =
                        randomCase(new Random(seed * 0x9E3779B97F4A7C15L)).plan();
                plans++;
                acrossForks += SegmentRuns.of(plan).size() > 1 ? 1 : 0;
            } catch (RestoreRefusedException refused) {
                kinds.merge(refused.refusals().get(0).kind(), 1, Integer::sum);
            }
        }
        assertThat(plans).isBetween(600, 2400);
        assertThat(acrossForks).isGreaterThan(100);
        assertThat(kinds)
                .containsKeys(
                        Refusal.Kind.NO_BACKUP,
                        Refusal.Kind.TIMELINE_UNKNOWN,
                        Refusal.Kind.TIMELINE_UNREACHABLE,
                        Refusal.Kind.BEFORE_CONSISTENT,
                        Refusal.Kind.HISTORY_MISSING,
                        Refusal.Kind.WAL_GAP,
                        Refusal.Kind.SWITCH_SEGMENT_MISSING,
                        Refusal.Kind.TARGET_AFTER_WAL);
    }

    private static RestorePlan planOf(Catalogue catalogue, Alternative alternative) {
        RestorePlanBuilder builder =
                RestorePlan.from(catalogue).target(alternative.target()).timeline(alternative.timeline());
        alternative.forcedBackupId().ifPresent(builder::backup);
        return (alternative.endsBeforeGap() ? builder.endBeforeGap() : builder).build();
    }

    private static Optional<RestorePlan> planOf(Case given) {
        try {
            return Optional.of(given.plan());
        } catch (RestoreRefusedException refused) {
            return Optional.empty();
        }
    }

    private static boolean works(Case given, Backup backup) {
        SimulatedServer server = new SimulatedServer(given.catalogue());
        long timeline = server.latest(backup);
        if (given.timeline() instanceof TimelineTarget.Number number) {
            timeline = number.timeline().value();
        } else if (given.timeline() instanceof TimelineTarget.Current) {
            timeline = backup.stopTimeline().value();
        } else if (newestTrace(given.catalogue()) > timeline) {
            return false;
        }
        boolean exists = timeline == 1 || given.catalogue().histories().containsKey(new TimelineId(timeline));
        return exists
                && isConsistentBefore(backup, given.target())
                && server.recover(backup, timeline, needed(given, server, backup, timeline)) == End.REACHED;
    }

    private static long newestTrace(Catalogue catalogue) {
        long newest = 1;
        for (TimelineId timeline : catalogue.wal().timelines()) {
            newest = Math.max(newest, timeline.value());
        }
        for (TimelineId timeline : catalogue.histories().keySet()) {
            newest = Math.max(newest, timeline.value());
        }
        for (Backup backup : catalogue.backups()) {
            newest = Math.max(newest, backup.stopTimeline().value());
        }
        return newest;
    }

    private static boolean isConsistentBefore(Backup backup, RecoveryTarget target) {
        if (target instanceof RecoveryTarget.AtLsn at) {
            return !at.lsn().isBefore(backup.stopLsn());
        }
        return !(target instanceof RecoveryTarget.Time time) || !time.time().isBefore(backup.finishedAt());
    }

    /** The last segment that must be read, whatever stands in the WAL; for a time, at least what consistency takes. */
    private static long needed(Case given, SimulatedServer server, Backup backup, long timeline) {
        long consistent = SimulatedServer.number(backup.stopLsn().plus(-1));
        if (given.target() instanceof RecoveryTarget.Immediate) {
            return consistent;
        }
        if (given.target() instanceof RecoveryTarget.AtLsn at) {
            return Math.max(consistent, SimulatedServer.number(at.lsn()));
        }
        if (given.target() instanceof RecoveryTarget.Time && planOf(given).isPresent()) {
            return consistent;
        }
        return server.lastOnTheWay(backup, timeline);
    }

    private static Case randomCase(Random random) {
        World world = new World();
        int timelines = 1 + random.nextInt(4);
        Lsn[] begins = new Lsn[timelines + 1];
        begins[1] = World.at(1, 0);
        for (int timeline = 1; timeline <= timelines; timeline++) {
            if (timeline > 1) {
                int parent = random.nextInt(3) == 0 ? 1 + random.nextInt(timeline - 1) : timeline - 1;
                begins[timeline] = random.nextInt(4) == 0 ? position(random) : behind(begins[parent], random);
                world.fork(timeline, parent, begins[timeline]);
                if (random.nextInt(10) == 0) {
                    world.withoutHistory(timeline);
                }
            }
            archive(world, random, timeline, SimulatedServer.number(begins[timeline]));
        }
        int backups = random.nextInt(5);
        for (int i = 0; i < backups; i++) {
            backup(world, random, "b" + i, timelines, begins);
        }
        return new Case(world.catalogue(), target(random), timelineTarget(random, timelines));
    }

    private static void archive(World world, Random random, int timeline, long first) {
        if (random.nextInt(12) == 0) {
            return;
        }
        long last = Math.min(MAX_SEGMENT + 12, first + 4 + random.nextInt(MAX_SEGMENT));
        world.wal(timeline, first, last);
        if (random.nextInt(5) == 0) {
            world.without(timeline, first + random.nextInt((int) (last - first + 1)));
        }
        if (random.nextInt(8) == 0) {
            world.without(timeline, first);
        }
    }

    private static void backup(World world, Random random, String id, int timelines, Lsn[] begins) {
        int timeline = random.nextBoolean() ? 1 : 1 + random.nextInt(timelines);
        Lsn start = begins[timeline].plus((long) random.nextInt(8) << 19).plus(40);
        Lsn stop = random.nextInt(4) == 0
                ? World.at(SimulatedServer.number(start) + 1, 0)
                : start.plus(200L + random.nextInt(2 << 20));
        int stopTimeline = random.nextInt(5) == 0 ? timeline + random.nextInt(timelines - timeline + 1) : timeline;
        Instant finished = MORNING.plusSeconds(3600L * random.nextInt(12));
        world.backup(id, timeline, start, stopTimeline, stop, finished, builder -> builder);
    }

    /** Anywhere, so that forks also go down; often a segment's boundary or next to it. */
    private static Lsn position(Random random) {
        return near(2 + random.nextInt(MAX_SEGMENT - 2), random);
    }

    private static Lsn behind(Lsn begin, Random random) {
        return near(SimulatedServer.number(begin) + 1 + random.nextInt(8), random);
    }

    private static Lsn near(long segment, Random random) {
        return World.at(segment, List.of(-1L, 0L, 1L, 0x90L, 0x80000L).get(random.nextInt(5)));
    }

    private static RecoveryTarget target(Random random) {
        return switch (random.nextInt(7)) {
            case 0 -> RecoveryTarget.immediate();
            case 1 -> RecoveryTarget.xid(4711);
            case 2 -> RecoveryTarget.time(MORNING.plusSeconds(1800L * random.nextInt(26)));
            case 3, 4 -> RecoveryTarget.lsn(position(random));
            case 5 -> RecoveryTarget.name("before migration");
            default -> RecoveryTarget.latest();
        };
    }

    private static TimelineTarget timelineTarget(Random random, int timelines) {
        return switch (random.nextInt(3)) {
            case 0 -> TimelineTarget.current();
            case 1 -> TimelineTarget.latest();
            default -> TimelineTarget.number(new TimelineId(1 + random.nextInt(timelines + 1)));
        };
    }
}

package dev.pitr.recovery;

import static dev.pitr.recovery.World.at;
import static dev.pitr.recovery.World.segment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is planned when a plan can be made. */
class RestorePlanTest {
    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00.5Z");
    private static final Instant TWELVE = Instant.parse("2026-11-20T12:00:00.5Z");

    /** Backups in segments 3 and 12 of timeline 1, WAL from 3 to 20. */
    private static World oneTimeline() {
        return new World()
                .wal(1, 3, 20)
                .backup("old", 1, at(3, 40), at(4, 312), TEN)
                .backup("new", 1, at(12, 40), at(12, 312), TWELVE);
    }

    /** As before, and timeline 2 forked within segment 9, with WAL from 9 to 15. */
    private static World twoTimelines() {
        return oneTimeline().fork(2, 1, at(9, 0x90)).wal(2, 9, 15);
    }

    private static List<WalSegment> segments(long timeline, long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(number -> segment(timeline, number))
                .toList();
    }

    @Test
    void startsFromTheNewestBackup() {
        RestorePlan plan = oneTimeline().plan(RecoveryTarget.latest()).build();

        assertThat(plan.backup().id()).isEqualTo("new");
        assertThat(plan.segments()).isEqualTo(segments(1, 12, 20));
        assertThat(plan.walStoredBytes()).isEqualTo(9 * World.STORED_SEGMENT_BYTES);
        assertThat(plan.backupStoredBytes()).isEqualTo(5_040_000);
    }

    @Test
    void setsNoTargetForTheEndOfWalAndPromotes() {
        RestorePlan plan = oneTimeline().plan(RecoveryTarget.latest()).build();

        assertThat(plan.recoverySettings()).containsExactly(Map.entry("recovery_target_timeline", "1"));
        assertThat(plan.action()).isEqualTo(TargetAction.PROMOTE);
        assertThat(plan.warnings()).isEmpty();
        assertThat(plan.predictedStop()).hasToString("END_OF_WAL 0/C00138..0/1500000");
    }

    @Test
    void writesTargetThenTimelineThenAction() {
        RestorePlan plan =
                oneTimeline().plan(RecoveryTarget.lsn(at(15, 0)).exclusive()).build();

        assertThat(plan.recoverySettings())
                .containsExactly(
                        Map.entry("recovery_target_lsn", "0/F00000"),
                        Map.entry("recovery_target_inclusive", "false"),
                        Map.entry("recovery_target_timeline", "1"),
                        Map.entry("recovery_target_action", "pause"));
    }

    @Test
    void needsWalThroughTheStopOfTheBackupForItsFirstConsistentPoint() {
        RestorePlan plan =
                oneTimeline().plan(RecoveryTarget.immediate()).backup("old").build();

        assertThat(plan.segments()).isEqualTo(segments(1, 3, 4));
        assertThat(plan.predictedStop().exactly()).contains(at(4, 312));
    }

    @Test
    void doesNotNeedTheSegmentThatBeginsWhereTheBackupStops() {
        World world = new World().wal(1, 3, 4).backup("b", 1, at(3, 40), at(5, 0));

        assertThat(world.plan(RecoveryTarget.immediate()).build().segments()).isEqualTo(segments(1, 3, 4));
    }

    @Test
    void doesNotPredictExactlyWhereAStandbysBackupIsConsistent() {
        World world = new World()
                .wal(1, 3, 4)
                .backup("b", 1, at(3, 40), 1, at(4, 312), TEN, builder -> builder.fromStandby());

        StopPrediction stop = world.plan(RecoveryTarget.immediate()).build().predictedStop();

        assertThat(stop).hasToString("WITHIN 0/400138..0/500000");
        assertThat(stop.exactly()).isEmpty();
    }

    @Test
    void takesABackupThatIsConsistentExactlyAtTheTarget() {
        assertThat(oneTimeline()
                        .plan(RecoveryTarget.lsn(at(12, 312)))
                        .build()
                        .backup()
                        .id())
                .isEqualTo("new");
        assertThat(oneTimeline()
                        .plan(RecoveryTarget.lsn(at(12, 311)))
                        .build()
                        .backup()
                        .id())
                .isEqualTo("old");
    }

    @Test
    void plansOnBehindAPositionAsFarAsARecordCanReach() {
        RestorePlan plan = oneTimeline().plan(RecoveryTarget.lsn(at(14, 5))).build();

        assertThat(plan.segments()).isEqualTo(segments(1, 12, 20));
        assertThat(plan.predictedStop()).hasToString("WITHIN 0/E00005..0/1500000");
        RestorePlan far = new World()
                .wal(1, 3, 5000)
                .backup("b", 1, at(3, 40), at(3, 312))
                .plan(RecoveryTarget.lsn(at(14, 5)))
                .build();
        assertThat(far.segments()).isEqualTo(segments(1, 3, 14 + 2049));
    }

    @Test
    void doesNotMindAGapBehindAPosition() {
        RestorePlan plan =
                oneTimeline().without(1, 16).plan(RecoveryTarget.lsn(at(14, 5))).build();

        assertThat(plan.segments()).isEqualTo(segments(1, 12, 15));
        assertThat(plan.warnings().get(0)).contains("ends before a gap", "00000001000000000000000F");
    }

    @Test
    void takesABackupThatEndedExactlyAtAnInclusiveTime() {
        World world = oneTimeline();

        assertThat(world.plan(RecoveryTarget.time(TWELVE)).build().backup().id())
                .isEqualTo("new");
        assertThat(world.plan(RecoveryTarget.time(TWELVE.minusNanos(1)))
                        .build()
                        .backup()
                        .id())
                .isEqualTo("old");
        assertThat(world.plan(RecoveryTarget.time(TWELVE).exclusive())
                        .build()
                        .backup()
                        .id())
                .isEqualTo("old");
    }

    @Test
    void readsATimeInWholeSecondsAsTheEndOfThatSecond() {
        Instant noon = Instant.parse("2026-11-20T12:00:00Z");
        World world = new World()
                .wal(1, 3, 20)
                .backup("old", 1, at(3, 40), at(4, 312), TEN)
                .backup("new", 1, at(12, 40), at(12, 312), noon);

        assertThat(world.plan(RecoveryTarget.time(noon.plusNanos(999_998_000)))
                        .build()
                        .backup()
                        .id())
                .isEqualTo("old");
        assertThat(world.plan(RecoveryTarget.time(noon.plusNanos(999_999_000)))
                        .build()
                        .backup()
                        .id())
                .isEqualTo("new");
    }

    @Test
    void doesNotMindAGapBehindTheNextBackupForATime() {
        RestorePlan plan = oneTimeline()
                .without(1, 16)
                .plan(RecoveryTarget.time(Instant.parse("2026-11-20T11:00:00Z")))
                .build();

        assertThat(plan.backup().id()).isEqualTo("old");
        assertThat(plan.segments()).isEqualTo(segments(1, 3, 15));
        assertThat(plan.predictedStop().kind()).isEqualTo(StopPrediction.Kind.UNKNOWN_UNTIL_WAL_IS_READ);
        assertThat(plan.warnings().get(0)).contains("the server ends with an error");
    }

    @Test
    void followsTheNewestTimelineAndPassesOverBackupsBehindTheFork() {
        RestorePlan plan = twoTimelines().plan(RecoveryTarget.latest()).build();

        assertThat(plan.backup().id()).isEqualTo("old");
        assertThat(plan.history().timeline()).isEqualTo(new TimelineId(2));
        assertThat(plan.recoverySettings()).containsEntry("recovery_target_timeline", "2");
        assertThat(plan.segments().subList(0, 6)).isEqualTo(segments(1, 3, 8));
        assertThat(plan.segments().subList(6, 13)).isEqualTo(segments(2, 9, 15));
        assertThat(plan.walFiles().get(0)).isEqualTo(new WalFileName.History(new TimelineId(2)));
        assertThat(plan.walFiles()).hasSize(14);
        assertThat(plan.newTimeline()).isEqualTo(new TimelineId(3));
    }

    @Test
    void needsTheChildsCopyOfTheForksSegmentOnly() {
        World world = twoTimelines().without(1, 9).without(1, 10).without(1, 20);

        assertThat(world.plan(RecoveryTarget.latest()).build().segments()).hasSize(13);
    }

    @Test
    void readsTheParentUpToAForkOnASegmentBoundary() {
        World world =
                new World().wal(1, 3, 8).fork(2, 1, at(9, 0)).wal(2, 9, 10).backup("b", 1, at(3, 40), at(9, 0));

        assertThat(world.plan(RecoveryTarget.immediate()).build().segments()).isEqualTo(segments(1, 3, 8));
        assertThat(world.plan(RecoveryTarget.latest()).build().segments().get(6))
                .isEqualTo(segment(2, 9));
    }

    @Test
    void takesABackupThatEndsExactlyAtTheFork() {
        World world =
                new World().wal(1, 3, 9).fork(2, 1, at(9, 312)).wal(2, 9, 10).backup("b", 1, at(8, 40), at(9, 312));

        assertThat(world.plan(RecoveryTarget.immediate()).build().segments())
                .containsExactly(segment(1, 8), segment(2, 9));
    }

    @Test
    void followsForkPointsThatGoDown() {
        TimelineId three = new TimelineId(3);
        World world = new World()
                .wal(1, 3, 13)
                .fork(2, 1, at(13, 0x90))
                .wal(2, 13, 14)
                .fork(3, 2, at(12, 0x90))
                .wal(3, 12, 16)
                .backup("b", 1, at(3, 40), at(3, 312));

        RestorePlan plan = world.plan(RecoveryTarget.latest()).build();

        assertThat(plan.history().forks())
                .extracting(TimelineHistory.Fork::parent)
                .hasSize(2);
        assertThat(plan.history().timeline()).isEqualTo(three);
        assertThat(plan.segments().subList(9, 14)).isEqualTo(segments(3, 12, 16));
        assertThat(plan.segments().subList(0, 9)).isEqualTo(segments(1, 3, 11));
    }

    @Test
    void staysOnTheBackupsTimelineIfAskedTo() {
        RestorePlan plan = twoTimelines()
                .plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.current())
                .build();

        assertThat(plan.backup().id()).isEqualTo("new");
        assertThat(plan.segments()).isEqualTo(segments(1, 12, 20));
        assertThat(plan.recoverySettings()).containsEntry("recovery_target_timeline", "1");
    }

    @Test
    void servesHistoriesBehindTheTimelineSoThatTheServerFindsAFreeNumber() {
        RestorePlan plan = twoTimelines()
                .fork(3, 2, at(14, 0))
                .wal(3, 14, 15)
                .plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.current())
                .build();

        assertThat(plan.historyFiles())
                .extracting(WalFileName::name)
                .containsExactly("00000002.history", "00000003.history");
        assertThat(plan.newTimeline()).isEqualTo(new TimelineId(4));
    }

    @Test
    void readsOnFromABackupOfAStandbyThatFollowedItsUpstreamToANewTimeline() {
        World world = new World()
                .wal(1, 3, 9)
                .fork(2, 1, at(9, 0x90))
                .wal(2, 9, 12)
                .backup("b", 1, at(8, 40), 2, at(10, 0x100), TEN, builder -> builder.fromStandby());

        RestorePlan plan = world.plan(RecoveryTarget.immediate()).build();

        assertThat(plan.segments()).containsExactly(segment(1, 8), segment(2, 9), segment(2, 10));
    }

    @Test
    void endsBeforeAGapIfAllowedTo() {
        RestorePlan plan = oneTimeline()
                .without(1, 16)
                .plan(RecoveryTarget.latest())
                .endBeforeGap()
                .build();

        assertThat(plan.segments()).isEqualTo(segments(1, 12, 15));
        assertThat(plan.warnings().get(0)).contains("lack everything from the gap on");
    }

    @Test
    void isOpenEndedForTheLatestAloneAndOnlyAtTheEndOfTheArchive() {
        World lone = new World()
                .wal(1, 3, 6)
                .backup("b", 1, at(3, 40), 1, at(4, 312), TEN, builder -> builder.carriedWal(segments(1, 3, 4)));
        RestorePlan open = oneTimeline().plan(RecoveryTarget.latest()).build();
        RestorePlan target = oneTimeline().plan(RecoveryTarget.name("here")).build();
        RestorePlan gap = oneTimeline()
                .without(1, 16)
                .plan(RecoveryTarget.latest())
                .endBeforeGap()
                .build();
        RestorePlan carried =
                lone.plan(RecoveryTarget.latest()).preferCarriedWal().build();

        assertThat(open.isOpenEnded()).isTrue();
        assertThat(open.predictedStop().describe())
                .isEqualTo("At the end of the archived WAL, now the last complete record before 0/1500000.");
        assertThat(open.steps().get(4)).startsWith("At the end of the archived WAL");
        assertThat(target.isOpenEnded()).isFalse();
        assertThat(gap.isOpenEnded()).isFalse();
        assertThat(gap.predictedStop().describe()).isEqualTo("At the last complete record before 0/1000000.");
        assertThat(gap.steps().get(4)).startsWith("At the end of the planned WAL");
        assertThat(carried.isOpenEnded()).isFalse();
        assertThat(carried.predictedStop()).hasToString("END_OF_PLAN 0/400138..0/500000");
    }

    @Test
    void fallsBackToTheWalThatALoneBackupCarries() {
        World world = new World()
                .backup("b", 1, at(3, 40), 1, at(4, 312), TEN, builder -> builder.carriedWal(segments(1, 3, 4)));

        RestorePlan immediate = world.plan(RecoveryTarget.immediate()).build();
        RestorePlan latest = world.plan(RecoveryTarget.latest()).build();

        assertThat(immediate.usesCarriedWal()).isTrue();
        assertThat(immediate.segments()).isEqualTo(segments(1, 3, 4));
        assertThat(immediate.walStoredBytes()).isZero();
        assertThat(latest.usesCarriedWal()).isTrue();
        assertThat(latest.warnings().get(0)).contains("as old as the backup");
    }

    @Test
    void prefersTheArchiveToCarriedWalUnlessToldOtherwise() {
        World world = new World()
                .wal(1, 3, 6)
                .backup("b", 1, at(3, 40), 1, at(4, 312), TEN, builder -> builder.carriedWal(segments(1, 3, 4)));

        assertThat(world.plan(RecoveryTarget.latest()).build().usesCarriedWal()).isFalse();
        RestorePlan lone =
                world.plan(RecoveryTarget.latest()).preferCarriedWal().build();
        assertThat(lone.usesCarriedWal()).isTrue();
        assertThat(lone.segments()).isEqualTo(segments(1, 3, 4));
        assertThat(lone.warnings().get(0)).contains("Archived WAL goes on to 000000010000000000000006");
        assertThat(world.plan(RecoveryTarget.lsn(at(5, 0)))
                        .preferCarriedWal()
                        .build()
                        .usesCarriedWal())
                .isFalse();
    }

    @Test
    void namesNewerBackupsThatLackSomething() {
        RestorePlan plan =
                oneTimeline().without(1, 12).plan(RecoveryTarget.immediate()).build();

        assertThat(plan.backup().id()).isEqualTo("old");
        assertThat(plan.passedOver())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.WAL_GAP));
    }

    @Test
    void reachesTheLastSegmentThatAnLsnCanName() {
        Lsn start = new Lsn(-1L << 21);
        World world = new World().backup("b", 1, start, new Lsn(-1L));
        long last = World.SIZE.segmentNumber(new Lsn(-1));
        world.wal(1, last - 1, last);

        RestorePlan plan = world.plan(RecoveryTarget.latest()).build();

        assertThat(plan.segments()).isEqualTo(segments(1, last - 1, last));
        assertThat(plan.predictedStop().notAfter()).isEqualTo(new Lsn(-1L));
        assertThat(world.plan(RecoveryTarget.lsn(new Lsn(-1L))).build().segments())
                .hasSize(2);
    }
}

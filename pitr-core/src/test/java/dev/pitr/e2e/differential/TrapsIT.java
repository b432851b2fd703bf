package dev.pitr.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.Refusal;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.recovery.RestoreRefusedException;
import dev.pitr.recovery.TargetAction;
import dev.pitr.recovery.TimelineTarget;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What recovering servers do that nobody expects, one test a trap: a real server falls into it with the settings that a
 * user would write, and the plan refuses, warns, or finds the way around.
 */
@ParameterizedClass
@MethodSource("dev.pitr.testing.PostgresVersions#selected")
class TrapsIT {
    private static final TimelineId ONE = TimelineId.FIRST;
    private static final TimelineId TWO = new TimelineId(2);
    private static final TimelineId THREE = new TimelineId(3);

    @TempDir
    static Path folder;

    private static TrapWorld traps;
    private static World world;

    @Parameter
    PostgresVersion version;

    @BeforeParameterizedClassInvocation
    static void build(PostgresVersion version) throws Exception {
        traps = new TrapWorld(folder.resolve("traps" + version), version);
        world = traps.world;
        traps.build();
    }

    private static RestorePlanBuilder plan(RecoveryTarget target, TimelineId timeline) {
        return RestorePlan.from(world.catalogue())
                .index(world.index())
                .target(target)
                .timeline(TimelineTarget.number(timeline));
    }

    /** The settings that somebody would write who knows nothing but the target. */
    private static Map<String, String> byHand(RecoveryTarget target, TimelineId timeline) {
        Map<String, String> settings = new LinkedHashMap<>(target.settings());
        settings.put("recovery_target_timeline", timeline.toString());
        return settings;
    }

    private static Outcome recover(Backup backup, Map<String, String> settings) {
        try (Recovery recovery = Recovery.start(world, backup, settings)) {
            return recovery.await();
        }
    }

    private static Outcome carryOut(RestorePlan plan) {
        try (Recovery recovery = Recovery.of(world, plan)) {
            return recovery.await();
        }
    }

    private static void assertRefused(RestorePlanBuilder plan, Refusal.Kind reason) {
        assertThatThrownBy(plan::build)
                .isInstanceOfSatisfying(
                        RestoreRefusedException.class,
                        refused -> assertThat(refused.refusals())
                                .extracting(Refusal::kind)
                                .contains(reason));
    }

    @Test
    void timeOlderThanABackupSilentlySucceedsIfNoTransactionEndedMeanwhile() {
        RecoveryTarget target = RecoveryTarget.time(traps.betweenRows);

        Outcome silently = recover(traps.second, byHand(target, ONE));

        assertThat(silently.kind()).isEqualTo(Outcome.Kind.PAUSED);
        assertThat(silently.rows()).containsExactly(1L, 2L);
        assertRefused(plan(target, ONE).backup(traps.second.id()), Refusal.Kind.BEFORE_CONSISTENT);
        RestorePlan older = plan(target, ONE).build();
        assertThat(older.backup().id()).isEqualTo(traps.first.id());
        assertThat(carryOut(older).rows()).containsExactly(1L);
    }

    @Test
    void droppedDatabaseIsGoneBeforeItsTransactionCommits() throws SQLException {
        RecoveryTarget beforeCommit = RecoveryTarget.xid(traps.droppingXid).exclusive();
        Lsn firstChange = firstChangeOfTheDrop();

        RestorePlan late = plan(beforeCommit, ONE)
                .backup(traps.second.id())
                .action(TargetAction.PROMOTE)
                .build();
        try (Recovery recovery = Recovery.of(world, late)) {
            recovery.server().awaitPromoted();
            assertThatThrownBy(() -> answer(recovery.server())).isInstanceOf(SQLException.class);
        }
        assertThat(late.warnings()).anyMatch(warning -> warning.contains("database"));
        RestorePlan exact = plan(RecoveryTarget.lsn(firstChange).exclusive(), ONE)
                .backup(traps.second.id())
                .action(TargetAction.PROMOTE)
                .build();
        try (Recovery recovery = Recovery.of(world, exact)) {
            recovery.server().awaitPromoted();
            assertThat(answer(recovery.server())).isEqualTo(42);
        }
    }

    /** The in-place update without a transaction that marks the database, the last one before the drop's end. */
    private static Lsn firstChangeOfTheDrop() {
        List<PlainRecord> records = world.records(traps.second, ONE);
        int end = 0;
        while (!records.get(end).isStop() || records.get(end).stopXid() != traps.droppingXid) {
            end++;
        }
        while (records.get(end).manager() != 10 || (records.get(end).info() & 0x70) != 0x70) {
            end--;
        }
        return records.get(end).start();
    }

    private static int answer(PostgresServer server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        server.jdbcUrl().replace("/postgres", "/doomed"), server.superuser());
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("select answer from kept")) {
            answer.next();
            return answer.getInt(1);
        }
    }

    @Test
    void parentsFileReplacesAChildsMissingOneAndItsRecordsBehindTheFork() {
        String own = switchSegment(TWO);
        world.hide(own);
        try {
            Outcome wrong = recover(traps.first, byHand(RecoveryTarget.latest(), TWO));

            assertThat(wrong.kind()).isEqualTo(Outcome.Kind.PROMOTED);
            assertThat(wrong.rows()).contains(9L).doesNotContain(20L);
            assertRefused(plan(RecoveryTarget.latest(), TWO), Refusal.Kind.SWITCH_SEGMENT_MISSING);
        } finally {
            world.show(own);
        }
    }

    private static String switchSegment(TimelineId timeline) {
        TimelineHistory history = world.wal().history(timeline).orElseThrow();
        return history.segmentAt(history.forks().get(0).switchPoint(), World.SEGMENT)
                .name();
    }

    @Test
    void missingHistoryFileHidesNewerTimelinesFromLatest() {
        world.hide("00000002.history");
        try (Recovery recovery = Recovery.start(
                world,
                traps.first,
                Map.of(
                        "recovery_target_timeline",
                        "latest",
                        "recovery_target",
                        "immediate",
                        "recovery_target_action",
                        "promote"))) {
            assertThat(recovery.await().kind()).isEqualTo(Outcome.Kind.PROMOTED);
            assertThat(recovery.newTimeline()).isEqualTo(TWO);
        } finally {
            world.show("00000002.history");
        }
    }

    @Test
    void refusesLatestWhereAHistoryFileIsMissing() {
        world.hide("00000002.history");
        try {
            assertRefused(
                    RestorePlan.from(world.catalogue()).index(world.index()).target(RecoveryTarget.immediate()),
                    Refusal.Kind.HISTORY_MISSING);
        } finally {
            world.show("00000002.history");
        }
    }

    @Test
    void followsAHistoryWhoseSwitchPointsGoDown() {
        List<TimelineHistory.Fork> forks =
                world.wal().history(THREE).orElseThrow().forks();
        assertThat(forks.get(1).switchPoint()).isLessThan(forks.get(0).switchPoint());

        Outcome byHand = recover(traps.first, byHand(RecoveryTarget.latest(), THREE));
        RestorePlan plan = plan(RecoveryTarget.latest(), THREE).build();
        Outcome planned = carryOut(plan);

        assertThat(byHand.rows()).containsExactly(30L);
        assertThat(planned.rows()).containsExactly(30L);
        assertThat(plan.segments()).noneMatch(segment -> segment.timeline().equals(TWO));
    }

    @Test
    void pauseIsPromotionWhileNobodyCanRead() {
        RecoveryTarget target = RecoveryTarget.name("overflowed");

        RestorePlan plan = plan(target, ONE).backup(traps.overflowed.id()).build();

        assertThat(plan.recoverySettings()).containsEntry("recovery_target_action", "pause");
        assertThat(plan.warnings()).anyMatch(warning -> warning.contains("promotes instead of pausing"));
        assertThat(carryOut(plan).kind()).isEqualTo(Outcome.Kind.PROMOTED);
    }

    @Test
    void preparedTransactionInAChildsFirstSegmentEndsRecoveryWithAnError() {
        Outcome byHand = recover(traps.first, byHand(RecoveryTarget.latest(), TWO));

        assertThat(byHand.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(byHand.log()).contains("has already been removed");
        Outcome planned = carryOut(
                plan(RecoveryTarget.latest(), TWO).backup(traps.first.id()).build());
        assertThat(planned.rows()).contains(8L, 20L).doesNotContain(7L, 9L);
    }

    @Test
    void gapEndsRecoveryWithoutATargetInSilence() {
        String lost = world.segments().stream()
                .filter(segment -> segment.timeline().equals(ONE))
                .filter(segment -> segment.start().isAfter(traps.second.stopLsn()))
                .findFirst()
                .orElseThrow()
                .name();
        world.hide(lost);
        try {
            Outcome short1 = recover(traps.first, byHand(RecoveryTarget.latest(), ONE));

            assertThat(short1.kind()).isEqualTo(Outcome.Kind.PROMOTED);
            assertThat(short1.rows()).doesNotContain(10L);
            assertRefused(plan(RecoveryTarget.latest(), ONE).backup(traps.first.id()), Refusal.Kind.WAL_GAP);
        } finally {
            world.show(lost);
        }
    }

    @Test
    void timeBehindTheLastTransactionIsNeverReached() {
        RecoveryTarget target = RecoveryTarget.time(traps.whenIdle);

        Outcome byHand = recover(traps.overflowed, byHand(target, ONE));
        RestorePlan plan = plan(target, ONE).backup(traps.overflowed.id()).build();

        assertThat(byHand.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(plan.recoverySettings()).containsKey("recovery_target_lsn");
        assertThat(carryOut(plan).rows()).contains(10L);
    }

    @Test
    void firstOfTwoRestorePointsOfOneNameStops() {
        RestorePlan plan = plan(RecoveryTarget.name("twice"), ONE).build();

        assertThat(carryOut(plan).rows()).contains(3L).doesNotContain(4L);
    }

    @Test
    void subtransactionThatCommittedWithItsParentIsNeverMet() {
        RecoveryTarget target = RecoveryTarget.xid(traps.subtransaction);

        Outcome byHand = recover(traps.second, byHand(target, ONE));

        assertThat(byHand.kind()).isEqualTo(Outcome.Kind.FAILED);
        assertRefused(plan(target, ONE).backup(traps.second.id()), Refusal.Kind.TARGET_NOT_FOUND);
    }
}

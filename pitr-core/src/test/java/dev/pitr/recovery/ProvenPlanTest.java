package dev.pitr.recovery;

import static dev.pitr.recovery.WalStory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.testing.WalWriter.Span;
import dev.pitr.wal.Lsn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans that were made with a look into the WAL: where they stop, and why they are refused. */
class ProvenPlanTest {
    private static final long HOUR = 3_600_000_000L;

    /** Backups that end at 10:00 and 12:00; commits 710 and 720 at 11:00, 730 and 740 at 13:00; a segment each. */
    private static WalStory day() {
        WalStory story = new WalStory();
        story.backup("ten", 1).switchSegment();
        story.commit(710, HOUR).commit(720, HOUR + 5).switchSegment();
        story.backup("twelve", 2 * HOUR).switchSegment();
        story.commit(730, 3 * HOUR).commit(740, 3 * HOUR + 5).switchSegment();
        return story.archive();
    }

    private static RestoreRefusedException refusalOf(RestorePlanBuilder plan) {
        RestoreRefusedException refused = catchThrowableOfType(RestoreRefusedException.class, plan::build);
        assertThat(refused).as("the refusal of a plan").isNotNull();
        return refused;
    }

    private static RecoveryStop stopOf(RestorePlan plan) {
        assertThat(plan.predictedStop().kind()).isEqualTo(StopPrediction.Kind.EXACT);
        return plan.predictedStop().stop().orElseThrow();
    }

    private static long lastXid(RestorePlan plan) {
        return stopOf(plan).lastCommit().orElseThrow().xid();
    }

    @Test
    void tellsTheRecordTheTransactionAndTheLog() {
        RestorePlan plan = day().plan(RecoveryTarget.xid(740).exclusive()).build();

        RecoveryStop stop = stopOf(plan);
        assertThat(plan.backup().id()).isEqualTo("twelve");
        assertThat(stop.outcome()).isEqualTo(Outcome.STOPS_EXACTLY);
        assertThat(lastXid(plan)).isEqualTo(730);
        assertThat(stop.record().orElseThrow().transaction().orElseThrow().xid())
                .isEqualTo(740);
        assertThat(stop.messages()).contains("recovery stopping before commit of transaction 740, time ");
        assertThat(plan.predictedStop().exactly()).contains(stop.end());
        assertThat(plan.describe()).contains("before the commit of transaction 740", "log says");
        assertThat(plan.toJson()).contains("\"stopping-record\"", "\"replayed\" : false");
    }

    @Test
    void endsThePlanWithTheSegmentInWhichTheStoppingRecordEnds() {
        RestorePlan plan = day().plan(RecoveryTarget.xid(710)).backup("ten").build();

        assertThat(plan.segments()).containsExactly(World.segment(1, 3), World.segment(1, 4));
        assertThat(plan.warnings()).noneMatch(warning -> warning.contains("before the server reads the WAL"));
    }

    @Test
    void takesAnOlderBackupForATransactionBeforeTheNewest() {
        RestorePlan plan = day().plan(RecoveryTarget.xid(720)).build();

        assertThat(plan.backup().id()).isEqualTo("ten");
        assertThat(lastXid(plan)).isEqualTo(720);
    }

    @Test
    void takesAnOlderBackupForATransactionThatEndedWhileTheNewestRan() {
        WalStory story = new WalStory().backup("old", 1).switchSegment();
        Lsn redo = story.wal().runningTransactions(false).start();
        story.commit(710, 5)
                .backup("new", redo, 10)
                .commit(720, 20)
                .switchSegment()
                .archive();

        RestorePlan plan = story.plan(RecoveryTarget.xid(710)).build();

        assertThat(plan.backup().id()).isEqualTo("old");
        assertThat(refusalOf(story.plan(RecoveryTarget.xid(710)).backup("new")).code())
                .isEqualTo("restore.target-before-window");
    }

    @Test
    void refusesATransactionThatNeverEnded() {
        RestoreRefusedException refused = refusalOf(day().plan(RecoveryTarget.xid(999)));

        assertThat(refused.code()).isEqualTo("restore.target-not-found");
        assertThat(refused).hasMessageContaining("no commit or abort of transaction 999");
    }

    @Test
    void refusesANameThatIsNotThere() {
        assertThat(refusalOf(day().plan(RecoveryTarget.name("here"))).code()).isEqualTo("restore.target-not-found");
    }

    @Test
    void stopsAtAPositionByTheRecordThere() {
        WalStory story = day();
        Span fifty = story.wal().commit(750, at(4 * HOUR));
        story.switchSegment().archive();

        assertThat(lastXid(story.plan(RecoveryTarget.lsn(fifty.start()).exclusive())
                        .build()))
                .isEqualTo(740);
        assertThat(lastXid(story.plan(RecoveryTarget.lsn(fifty.start())).build()))
                .isEqualTo(750);
        assertThat(stopOf(story.plan(RecoveryTarget.lsn(fifty.start().plus(-4))).build())
                        .end())
                .isEqualTo(fifty.end());
    }

    @Test
    void writesTheEndOfTheWalAsAPosition() {
        RestorePlan plan = day().plan(RecoveryTarget.latest()).build();

        assertThat(plan.effectiveTarget()).isInstanceOf(RecoveryTarget.AtLsn.class);
        assertThat(plan.recoverySettings())
                .containsKey("recovery_target_lsn")
                .containsEntry("recovery_target_inclusive", "true")
                .containsEntry("recovery_target_action", "promote");
        assertThat(plan.isOpenEnded()).isFalse();
        assertThat(lastXid(plan)).isEqualTo(740);
        assertThat(stopOf(plan).end()).isEqualTo(World.at(7, 0));
        assertThat(plan.describe()).contains("set to    lsn ");
        assertThat(plan.remarks().get(0)).contains("What is archived after this plan was made isn't replayed");
    }

    @Test
    void keepsTheEndOfTheWalOpenIfAsked() {
        RestorePlan plan = day().plan(RecoveryTarget.latest()).openEnded().build();

        assertThat(plan.isOpenEnded()).isTrue();
        assertThat(plan.recoverySettings()).doesNotContainKey("recovery_target_lsn");
        assertThat(plan.predictedStop().kind()).isEqualTo(StopPrediction.Kind.END_OF_WAL);
        assertThat(plan.predictedStop().notBefore()).isEqualTo(World.at(7, 0));
    }

    @Test
    void servesATimeOfAnIdleClusterByALaterCheckpoint() {
        WalStory story = day();
        Span checkpoint = story.wal().checkpoint(story.wal().position(), at(5 * HOUR));
        story.switchSegment().archive();

        RestorePlan plan = story.plan(RecoveryTarget.time(at(4 * HOUR))).build();

        assertThat(plan.effectiveTarget())
                .isEqualTo(RecoveryTarget.lsn(checkpoint.start()).exclusive());
        assertThat(lastXid(plan)).isEqualTo(740);
        assertThat(plan.remarks().get(0)).contains("proves that the time has passed");
        assertThat(refusalOf(story.plan(RecoveryTarget.time(at(5 * HOUR)))).code())
                .isEqualTo("restore.target-after-window");
    }

    @Test
    void refusesATimeAfterTheLastTransactionAndNamesIt() {
        RestoreRefusedException refused = refusalOf(day().plan(RecoveryTarget.time(at(3 * HOUR + 5))));

        assertThat(refused.code()).isEqualTo("restore.target-after-window");
        assertThat(refused).hasMessageContaining("the commit of transaction 740 at 2026-11-20 13:00:00.000005+00");
        assertThat(refused.refusals().get(0).alternative().orElseThrow().target())
                .isEqualTo(RecoveryTarget.latest());
        assertThat(lastXid(day().plan(RecoveryTarget.time(at(3 * HOUR + 4))).build()))
                .isEqualTo(730);
    }

    @Test
    void servesATargetBeforeAGapAndRefusesOneBehindIt() {
        WalStory story = day().commit(750, 4 * HOUR).switchSegment();
        story.commit(760, 5 * HOUR).switchSegment().archive().without(1, 7);

        assertThat(lastXid(story.plan(RecoveryTarget.xid(730)).build())).isEqualTo(730);
        assertThat(lastXid(story.plan(RecoveryTarget.time(at(3 * HOUR + 1))).build()))
                .isEqualTo(730);
        assertThat(refusalOf(story.plan(RecoveryTarget.time(at(4 * HOUR)))).code())
                .isEqualTo("wal.gap");
        assertThat(refusalOf(story.plan(RecoveryTarget.xid(760))).code()).isEqualTo("wal.gap");
        assertThat(refusalOf(story.plan(RecoveryTarget.latest())).code()).isEqualTo("wal.gap");
        RestorePlan before = story.plan(RecoveryTarget.latest()).endBeforeGap().build();
        assertThat(lastXid(before)).isEqualTo(740);
        assertThat(before.effectiveTarget()).isInstanceOf(RecoveryTarget.AtLsn.class);
    }

    @Test
    void namesSegmentAndPositionOfDamageBeforeTheTarget() {
        WalStory story = day().commit(750, 4 * HOUR);
        Span damaged = story.wal().commit(755, at(4 * HOUR));
        story.switchSegment().commit(760, 5 * HOUR).switchSegment().archive();
        story.file(1, 7)[(int) (damaged.start().value() % World.SIZE.bytes()) + 26] ^= 1;

        assertThat(lastXid(story.plan(RecoveryTarget.xid(750)).build())).isEqualTo(750);
        for (RecoveryTarget target :
                List.of(RecoveryTarget.xid(760), RecoveryTarget.latest(), RecoveryTarget.time(at(4 * HOUR)))) {
            RestoreRefusedException refused = refusalOf(story.plan(target));
            assertThat(refused.code()).isEqualTo("wal.damaged");
            assertThat(refused)
                    .hasMessageContaining("000000010000000000000007")
                    .hasMessageContaining(damaged.start().toString());
        }
        assertThat(lastXid(story.plan(RecoveryTarget.latest()).endBeforeGap().build()))
                .isEqualTo(750);
    }

    @Test
    void refusesASegmentThatDoesNotFollowTheOneBefore() {
        WalStory story = day();
        WalStory other = new WalStory().backup("x", 1).switchSegment();
        other.filler(100).switchSegment();
        other.switchSegment();
        other.filler(3000).filler(8).switchSegment().archive();
        System.arraycopy(other.file(1, 6), 0, story.file(1, 6), 0, World.SIZE.bytes());

        RestoreRefusedException refused = refusalOf(story.plan(RecoveryTarget.latest()));

        assertThat(refused.code()).isEqualTo("wal.damaged");
        assertThat(refused)
                .hasMessageContaining("000000010000000000000006")
                .hasMessageContaining("doesn't follow the one before");
    }

    @Test
    void minimalWalEndsWhatAnOlderBackupReaches() {
        WalStory story = day();
        story.wal().parameterChange(100, 0);
        story.commit(750, 4 * HOUR).switchSegment().archive();

        assertThat(refusalOf(story.plan(RecoveryTarget.xid(750))).code()).isEqualTo("wal.level-minimal");
        assertThat(refusalOf(story.plan(RecoveryTarget.latest())).code()).isEqualTo("wal.level-minimal");
        assertThat(lastXid(story.plan(RecoveryTarget.xid(740)).build())).isEqualTo(740);
        assertThat(lastXid(story.plan(RecoveryTarget.latest()).endBeforeGap().build()))
                .isEqualTo(740);
    }

    @Test
    void passesOverABackupThatAShutdownCanceled() {
        WalStory story = new WalStory().backup("sound", 1).commit(710, 2);
        Lsn redo = story.wal().runningTransactions(false).start();
        story.wal().shutdownCheckpoint(new dev.pitr.wal.TimelineId(1), at(3));
        story.backup("canceled", redo, 4).commit(720, 5).switchSegment().archive();

        RestorePlan plan = story.plan(RecoveryTarget.latest()).build();

        assertThat(plan.backup().id()).isEqualTo("sound");
        assertThat(plan.passedOver())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.kind()).isEqualTo(Refusal.Kind.BACKUP_CANCELED));
    }

    @Test
    void followsAForkAndLeavesTheParentsRecordsBehind() {
        WalStory story = day().commit(750, 4 * HOUR).promote(4 * HOUR + 1);
        story.commit(760, 4 * HOUR + 2).switchSegment().archive();

        RestorePlan plan = story.plan(RecoveryTarget.latest()).build();

        assertThat(plan.segments()).containsExactly(World.segment(1, 5), World.segment(1, 6), World.segment(2, 7));
        assertThat(lastXid(plan)).isEqualTo(760);
    }

    @Test
    void immediateNeedsARecordBehindTheBackup() {
        WalStory story = new WalStory().filler(8);
        Lsn redo = story.wal().runningTransactions(false).start();
        story.wal().checkpoint(redo, at(0));
        int rest = (int) (World.SIZE.bytes() - story.wal().position().value() % World.SIZE.bytes());
        int pages = rest / 8192;
        story.filler(rest - pages * 24 - 40 - 29);
        Span end = story.wal().backupEnd(redo);

        assertThat(end.end().value() % World.SIZE.bytes()).isZero();
        story.recorded("b", redo, end.end(), 1, builder -> builder).archive();
        assertThat(refusalOf(story.plan(RecoveryTarget.immediate())).code()).isEqualTo("restore.target-after-window");
        story.commit(710, 2).switchSegment().archive();
        RestorePlan plan = story.plan(RecoveryTarget.immediate()).build();
        assertThat(plan.segments()).hasSize(2);
        assertThat(stopOf(plan).end()).isEqualTo(end.end());
    }
}

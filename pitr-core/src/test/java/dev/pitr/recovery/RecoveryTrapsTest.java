package dev.pitr.recovery;

import static dev.pitr.recovery.WalStory.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pitr.recovery.RecoveryStop.Failure;
import dev.pitr.recovery.RecoveryStop.Outcome;
import dev.pitr.testing.WalWriter;
import dev.pitr.testing.WalWriter.Span;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server does silently, or too late to be of help: each is refused, corrected or warned of beforehand. */
class RecoveryTrapsTest {
    private static final long HOUR = 3_600_000_000L;

    private static RestoreRefusedException refusalOf(RestorePlanBuilder plan) {
        RestoreRefusedException refused = catchThrowableOfType(RestoreRefusedException.class, plan::build);
        assertThat(refused).as("the refusal of a plan").isNotNull();
        return refused;
    }

    private static RecoveryStop stopOf(RestorePlan plan) {
        return plan.predictedStop().stop().orElseThrow();
    }

    private static WalStory begun() {
        return new WalStory().backup("b", 1).commit(710, HOUR).switchSegment();
    }

    @Test
    void aTimeBeforeTheBackupsEndIsRefusedThoughAServerStopsLaterWithoutAWord() {
        RestoreRefusedException refused = refusalOf(begun().archive().plan(RecoveryTarget.time(at(-HOUR))));

        RecoveryStop server = refused.refusals().get(0).predictedStop().orElseThrow();
        assertThat(refused.code()).isEqualTo("restore.target-before-window");
        assertThat(server.outcome()).isEqualTo(Outcome.ENDS_ELSEWHERE);
        assertThat(server.record().orElseThrow().transaction().orElseThrow().xid())
                .isEqualTo(710);
    }

    @Test
    void aTimeBeforeATransactionOfTheBackupIsRefusedAsTheServerWould() {
        WalStory story = new WalStory();
        Lsn redo = story.wal().runningTransactions(false).start();
        story.commit(700, 5)
                .backup("b", redo, 10)
                .commit(710, 20)
                .switchSegment()
                .archive();

        RestoreRefusedException refused = refusalOf(story.plan(RecoveryTarget.time(at(1))));

        assertThat(refused.refusals().get(0).predictedStop().orElseThrow().failure())
                .contains(Failure.STOP_BEFORE_CONSISTENT);
        assertThat(refused.toJson()).contains("\"server-would\"");
    }

    @Test
    void aStopWithinADropOfADatabaseIsWarnedOfWithThePositionThatUndoesIt() {
        WalStory story = begun();
        Span mark = story.wal().markDatabase();
        story.wal().checkpoint(story.wal().position(), at(2 * HOUR));
        Span drop = story.wal().dropDatabase(720, 16400);
        story.commit(720, 2 * HOUR).filler(50).switchSegment().archive();

        RestorePlan before = story.plan(RecoveryTarget.xid(720).exclusive()).build();
        RestorePlan after = story.plan(RecoveryTarget.xid(720)).build();
        RestorePlan undone =
                story.plan(RecoveryTarget.lsn(mark.start()).exclusive()).build();
        RestorePlan atDrop =
                story.plan(RecoveryTarget.lsn(drop.start()).exclusive()).build();

        assertThat(before.warnings().get(0))
                .contains("in the middle of a DROP DATABASE", "database 16400", "lsn " + mark.start() + " exclusive");
        assertThat(List.of(after, undone, atDrop))
                .allSatisfy(
                        plan -> assertThat(plan.warnings()).noneMatch(warning -> warning.contains("DROP DATABASE")));
    }

    @Test
    void aDropWithoutAMarkIsUndoneAtItsOwnRecord() {
        WalStory story = begun();
        Span drop = story.wal().dropDatabase(720, 16400);
        story.commit(720, 2 * HOUR).switchSegment().archive();

        assertThat(story.plan(RecoveryTarget.xid(720).exclusive())
                        .build()
                        .warnings()
                        .get(0))
                .contains("lsn " + drop.start() + " exclusive");
    }

    @Test
    void theChildsOwnCopyOfTheSwitchSegmentIsRequired() {
        WalStory story = begun().promote(HOUR + 1).commit(720, HOUR + 2).switchSegment();
        story.archive().without(2, 4).world().wal(1, 4, 4);

        RestoreRefusedException refused = refusalOf(story.plan(RecoveryTarget.xid(720)));

        assertThat(refused.code()).isEqualTo("wal.switch-segment-missing");
    }

    @Test
    void aHoleInTheHistoryFilesIsNoticed() {
        WalStory story =
                begun().promote(HOUR + 1).promote(HOUR + 2).switchSegment().archive();
        story.world().withoutHistory(2);

        assertThat(refusalOf(story.plan(RecoveryTarget.latest())).code()).isEqualTo("wal.history-missing");
    }

    @Test
    void forkPointsMayGoDown() {
        WalStory story = begun().commit(720, HOUR + 1);
        WalWriter three = story.wal().fork(new TimelineId(3));
        Lsn lower = story.wal().position();
        story.switchSegment().commit(730, HOUR + 2).promote(HOUR + 3).switchSegment();
        three.endOfRecovery(new TimelineId(1), at(HOUR + 4));
        three.commit(740, at(HOUR + 5));
        three.switchSegment();
        story.archive().world().fork(3, 2, lower).wal(3, 4, 4);
        MadeIndex index = story.index(2);
        three.files().forEach(index::add);

        RestorePlan plan = RestorePlan.from(story.catalogue())
                .index(index)
                .target(RecoveryTarget.latest())
                .build();

        assertThat(plan.walFiles())
                .extracting(WalFileName::name)
                .contains("000000010000000000000003", "000000030000000000000004");
        assertThat(plan.segments()).hasSize(2);
        assertThat(stopOf(plan).lastCommit().orElseThrow().xid()).isEqualTo(740);
    }

    @Test
    void aPauseThatWouldPromoteIsWarnedOf() {
        WalStory story = new WalStory();
        Lsn redo = story.wal().runningTransactions(true, 600).start();
        story.backup("b", redo, 1).commit(710, HOUR);
        Lsn late = story.wal().runningTransactions(false).start();
        story.commit(720, HOUR + 1).switchSegment().archive();

        RestorePlan closed = story.plan(RecoveryTarget.xid(710)).build();
        RestorePlan open = story.plan(RecoveryTarget.xid(720)).build();
        RestorePlan promoted =
                story.plan(RecoveryTarget.xid(710)).action(TargetAction.PROMOTE).build();

        assertThat(late).isNotNull();
        assertThat(closed.warnings()).anyMatch(warning -> warning.contains("promotes instead of pausing"));
        assertThat(open.warnings()).isEmpty();
        assertThat(promoted.warnings()).isEmpty();
    }

    @Test
    void capacitiesAreTheMostThatTheWindowTells() {
        WalStory story = begun();
        story.wal().parameterChange(300, 1);
        story.commit(720, 2 * HOUR);
        story.wal().parameterChange(200, 1);
        story.commit(730, 3 * HOUR).switchSegment().archive();

        assertThat(story.plan(RecoveryTarget.latest()).build().capacities())
                .containsEntry("max_connections", 300)
                .containsEntry("max_locks_per_transaction", 64);
        assertThat(story.plan(RecoveryTarget.xid(710)).build().capacities()).isEmpty();
    }

    @Test
    void severalRestorePointsOfOneNameAreNamed() {
        WalStory story = begun();
        story.wal().restorePoint("p", at(2 * HOUR));
        story.switchSegment().backup("later", 3 * HOUR);
        Span second = story.wal().restorePoint("p", at(4 * HOUR));
        Span third = story.wal().restorePoint("p", at(5 * HOUR));
        story.switchSegment().archive();

        RestorePlan plan = story.plan(RecoveryTarget.name("p")).build();

        assertThat(plan.backup().id()).isEqualTo("later");
        assertThat(stopOf(plan).end()).isEqualTo(second.end());
        assertThat(plan.warnings().get(0))
                .contains("Several restore points", third.end().toString(), "stops at " + second.end());
    }

    @Test
    void aSubtransactionIsRefusedByTheNameOfItsTransaction() {
        WalStory story = begun();
        story.wal().commit(720, at(2 * HOUR), List.of(721L, 722L));
        story.switchSegment().archive();

        assertThat(refusalOf(story.plan(RecoveryTarget.xid(722))))
                .hasMessageContaining("It is a subtransaction of transaction 720");
    }

    @Test
    void aTransactionThatStaysPreparedIsRefusedByItsName() {
        WalStory story = begun();
        story.wal().prepare(720, at(2 * HOUR), "gid 1");
        story.switchSegment().archive();

        assertThat(refusalOf(story.plan(RecoveryTarget.xid(720))))
                .hasMessageContaining("It was prepared at 2026-11-20 12:00:00.000000+00 as \"gid 1\"");
        story.wal().commitPrepared(720, at(3 * HOUR));
        story.switchSegment().archive();
        assertThat(stopOf(story.plan(RecoveryTarget.xid(720)).build())
                        .record()
                        .orElseThrow()
                        .transaction()
                        .orElseThrow()
                        .xid())
                .isEqualTo(720);
    }
}

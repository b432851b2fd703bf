package dev.pitr.recovery;

import static dev.pitr.recovery.World.at;
import static dev.pitr.recovery.World.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.recovery.Refusal.Kind;
import dev.pitr.wal.TimelineId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Why no plan is made, and what is offered instead. */
class RestoreRefusalTest {
    private static final Instant TEN = Instant.parse("2026-11-20T10:00:00.5Z");
    private static final Instant TWELVE = Instant.parse("2026-11-20T12:00:00.5Z");

    private static World world() {
        return new World().wal(1, 3, 20).backup("b", 1, at(3, 40), at(4, 312), TEN);
    }

    private static World forked() {
        return world().fork(2, 1, at(9, 0x90)).wal(2, 9, 15);
    }

    private static RestoreRefusedException refusalOf(RestorePlanBuilder plan) {
        RestoreRefusedException refused = catchThrowableOfType(RestoreRefusedException.class, plan::build);
        assertThat(refused).as("the refusal of a plan").isNotNull();
        return refused;
    }

    private static Refusal only(RestorePlanBuilder plan) {
        RestoreRefusedException refused = refusalOf(plan);
        assertThat(refused.refusals()).hasSize(1);
        assertThat(refused.code()).isEqualTo(refused.refusals().get(0).kind().code());
        return refused.refusals().get(0);
    }

    private static Alternative alternative(Refusal refusal) {
        return refusal.alternative().orElseThrow();
    }

    @Test
    void withoutABackup() {
        Refusal refusal = only(new World().wal(1, 3, 20).plan(RecoveryTarget.latest()));

        assertThat(refusal.kind()).isEqualTo(Kind.NO_BACKUP);
        assertThat(refusal.alternative()).isEmpty();
    }

    @Test
    void ofTheNewestConsistentPointWhileABackupCannotBeRead() {
        World world = world().unreadableBackup("backups/c");

        Refusal refusal = only(world.plan(RecoveryTarget.immediate()));

        assertThat(refusal.kind()).isEqualTo(Kind.BACKUP_UNREADABLE);
        assertThat(refusal.reason()).contains("backups/c can't be read", "It is damaged.", "name the backup");
        assertThat(world.plan(RecoveryTarget.immediate()).backup("b").build().warnings())
                .anyMatch(warning -> warning.startsWith("backups/c can't be read"));
        assertThat(world.plan(RecoveryTarget.latest()).build().warnings())
                .anyMatch(warning -> warning.startsWith("backups/c can't be read"));
    }

    @Test
    void ofABackupThatDoesNotExist() {
        Refusal refusal = only(world().plan(RecoveryTarget.latest()).backup("c"));

        assertThat(refusal.kind()).isEqualTo(Kind.BACKUP_UNKNOWN);
        assertThat(refusal.reason()).contains("no complete backup c", "newest are b");
        assertThat(alternative(refusal).backup().id()).isEqualTo("b");
    }

    @Test
    void ofAnotherClusterAndAnotherVersionAtOnce() {
        RestoreRefusedException refused = refusalOf(
                world().plan(RecoveryTarget.latest()).systemIdentifier(-1).serverMajor(17));

        assertThat(refused.refusals())
                .extracting(Refusal::kind)
                .containsExactly(Kind.OTHER_CLUSTER, Kind.OTHER_VERSION);
        assertThat(refused)
                .hasMessageContaining("expected was 18446744073709551615")
                .hasMessageContaining("of 17");
        assertThat(world().plan(RecoveryTarget.latest())
                        .systemIdentifier(World.IDENTITY.systemIdentifier())
                        .serverMajor(18)
                        .build())
                .isNotNull();
    }

    @Test
    void ofAPositionOneByteBeforeTheFirstConsistentPoint() {
        Refusal refusal = only(world().plan(RecoveryTarget.lsn(at(4, 311))));

        assertThat(refusal.kind()).isEqualTo(Kind.BEFORE_CONSISTENT);
        assertThat(refusal.reason()).contains("only from 0/400138", "after 0/400137");
        assertThat(alternative(refusal).target()).isEqualTo(RecoveryTarget.immediate());
        assertThat(world().plan(RecoveryTarget.lsn(at(4, 312))).build()).isNotNull();
    }

    @Test
    void ofATimeWhileTheOldestBackupRanNamesThatBackupFirst() {
        World world = world().backup("new", 1, at(12, 40), at(12, 312), TWELVE);

        RestoreRefusedException refused = refusalOf(world.plan(RecoveryTarget.time(TEN.minusNanos(1000))));

        assertThat(refused.code()).isEqualTo("restore.target-before-window");
        assertThat(refused.refusals())
                .extracting(refusal -> refusal.backupId().orElseThrow())
                .containsExactly("b", "new");
        assertThat(alternative(refused.refusals().get(0)).backup().id()).isEqualTo("b");
    }

    @Test
    void ofAGapInTheFirstTheStopAndALaterSegment() {
        assertThat(only(world().without(1, 3).plan(RecoveryTarget.immediate())).reason())
                .contains("to become consistent", "000000010000000000000003");
        assertThat(only(world().without(1, 4).plan(RecoveryTarget.immediate())).reason())
                .contains("to become consistent", "000000010000000000000004");
        Refusal later = only(world().without(1, 5).plan(RecoveryTarget.latest()));
        assertThat(later.kind()).isEqualTo(Kind.WAL_GAP);
        assertThat(later.reason()).contains("unbroken up to 0/500000");
        assertThat(alternative(later).endsBeforeGap()).isTrue();
        assertThat(alternative(later).target()).isEqualTo(RecoveryTarget.latest());
    }

    @Test
    void namesGapsAsRanges() {
        World world =
                world().without(1, 6).without(1, 7).without(1, 9).without(1, 11).without(1, 13);

        Refusal refusal = only(world.plan(RecoveryTarget.name("before migration")));

        assertThat(refusal.missing()).first().isEqualTo(new WalCoverage.Run(segment(1, 6), segment(1, 7)));
        assertThat(refusal.missing()).hasSize(4);
        assertThat(refusal.reason())
                .contains("000000010000000000000006 to 000000010000000000000007 (2 segments)", "and 1 more range");
    }

    @Test
    void ofAnXidBecauseTheWholePathIsNeeded() {
        assertThat(only(world().without(1, 19).plan(RecoveryTarget.xid(4711))).kind())
                .isEqualTo(Kind.WAL_GAP);
        assertThat(world().without(1, 20).plan(RecoveryTarget.xid(4711)).build().segments())
                .hasSize(17);
    }

    @Test
    void ofATimeIfAGapLiesBeforeTheNextBackup() {
        World world = world().without(1, 8).backup("new", 1, at(12, 40), at(12, 312), TWELVE);

        RestoreRefusedException refused = refusalOf(world.plan(RecoveryTarget.time(TEN.plusSeconds(60))));

        assertThat(refused.code()).isEqualTo("wal.gap");
        Alternative alternative = alternative(refused.refusals().get(0));
        assertThat(alternative.endsBeforeGap()).isTrue();
        assertThat(alternative.target()).isEqualTo(RecoveryTarget.time(TEN.plusSeconds(60)));
    }

    @Test
    void ofAPositionBehindTheArchivedWal() {
        Refusal refusal = only(world().plan(RecoveryTarget.lsn(at(21, 0))));

        assertThat(refusal.kind()).isEqualTo(Kind.TARGET_AFTER_WAL);
        assertThat(refusal.reason()).contains("000000010000000000000014", "before 0/1500000");
        assertThat(alternative(refusal).target()).isEqualTo(RecoveryTarget.latest());
        assertThat(world().plan(RecoveryTarget.lsn(at(21, -1))).build()).isNotNull();
    }

    @Test
    void ofAPositionOfWhichOnlyAPartialSegmentIsArchived() {
        Refusal refusal = only(world().partial(1, 21).plan(RecoveryTarget.lsn(at(21, 5))));

        assertThat(refusal.kind()).isEqualTo(Kind.TARGET_AFTER_WAL);
    }

    @Test
    void ofAPositionInAGap() {
        Refusal refusal = only(world().without(1, 10).plan(RecoveryTarget.lsn(at(10, 0))));

        assertThat(refusal.kind()).isEqualTo(Kind.WAL_GAP);
        assertThat(alternative(refusal).target()).isEqualTo(RecoveryTarget.latest());
        assertThat(world().without(1, 10).plan(RecoveryTarget.lsn(at(10, -1))).build())
                .isNotNull();
    }

    @Test
    void ofTheParentsFileInPlaceOfTheChilds() {
        Refusal refusal = only(forked().without(2, 9).plan(RecoveryTarget.latest()));

        assertThat(refusal.kind()).isEqualTo(Kind.SWITCH_SEGMENT_MISSING);
        assertThat(refusal.missing()).containsExactly(new WalCoverage.Run(segment(2, 9), segment(2, 9)));
        assertThat(refusal.reason()).contains("replay past the fork");
        assertThat(only(forked().without(2, 9).plan(RecoveryTarget.lsn(at(9, 0))))
                        .kind())
                .isEqualTo(Kind.SWITCH_SEGMENT_MISSING);
        assertThat(forked().without(2, 9)
                        .plan(RecoveryTarget.lsn(at(9, -1)))
                        .build()
                        .segments())
                .last()
                .isEqualTo(segment(1, 8));
    }

    @Test
    void ofATimelineThatHasArchivedNothingYet() {
        World world = world().fork(2, 1, at(9, 0));

        Refusal refusal = only(world.plan(RecoveryTarget.latest()));

        assertThat(refusal.kind()).isEqualTo(Kind.SWITCH_SEGMENT_MISSING);
        assertThat(alternative(refusal).timeline()).hasToString("2");
        assertThat(alternative(refusal).endsBeforeGap()).isTrue();
        assertThat(world.plan(RecoveryTarget.latest()).endBeforeGap().build().warnings())
                .first()
                .asString()
                .contains("behind 000000010000000000000008");
    }

    @Test
    void ofABackupOfTheParentBehindTheFork() {
        World world =
                new World().wal(1, 3, 20).fork(2, 1, at(9, 0x90)).wal(2, 9, 15).backup("b", 1, at(9, 40), at(9, 0x91));

        Refusal refusal = only(world.plan(RecoveryTarget.latest()));

        assertThat(refusal.kind()).isEqualTo(Kind.TIMELINE_UNREACHABLE);
        assertThat(refusal.reason()).contains("not on the way to timeline 2, which left timeline 1 at 0/900090");
        assertThat(alternative(refusal).timeline()).hasToString("1");
    }

    @Test
    void ofATimelineThatIsNoDescendant() {
        World world = new World()
                .fork(2, 1, at(5, 0))
                .fork(3, 1, at(6, 0))
                .wal(2, 5, 20)
                .wal(3, 6, 20)
                .backup("b", 2, at(7, 40), at(7, 312));

        Refusal refusal = only(world.plan(RecoveryTarget.latest()));

        assertThat(refusal.kind()).isEqualTo(Kind.TIMELINE_UNREACHABLE);
        assertThat(refusal.reason()).contains("timeline 3, of which timeline 2 is no part");
        assertThat(alternative(refusal).timeline()).hasToString("2");
    }

    @Test
    void ofATimelineThatWasNeverSeen() {
        Refusal refusal =
                only(forked().plan(RecoveryTarget.latest()).timeline(TimelineTarget.number(new TimelineId(7))));

        assertThat(refusal.kind()).isEqualTo(Kind.TIMELINE_UNKNOWN);
        assertThat(refusal.reason()).contains("known are 1, 2");
        assertThat(alternative(refusal).timeline()).hasToString("2");
    }

    @Test
    void ofATimelineWhoseHistoryFileIsMissing() {
        Refusal refusal = only(forked().withoutHistory(2)
                .plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.number(new TimelineId(2))));

        assertThat(refusal.kind()).isEqualTo(Kind.HISTORY_MISSING);
        assertThat(refusal.reason()).contains("00000002.history isn't stored");
    }

    @Test
    void ofLatestIfAHoleInTheHistoryFilesHidesNewerTimelines() {
        World world = forked().fork(3, 2, at(12, 0)).wal(3, 12, 18).withoutHistory(2);

        Refusal refusal = only(world.plan(RecoveryTarget.latest()));

        assertThat(refusal.kind()).isEqualTo(Kind.HISTORY_MISSING);
        assertThat(refusal.reason()).contains("end at timeline 1", "00000002.history", "traces of timeline 2, 3");
        assertThat(alternative(refusal).timeline()).hasToString("3");
    }

    @Test
    void explainsEachBackupWhatCameClosestFirst() {
        World world = new World()
                .wal(1, 3, 20)
                .without(1, 10)
                .backup("a", 1, at(3, 40), at(4, 312), TEN)
                .backup("late", 1, at(15, 40), at(15, 312), TWELVE);

        RestoreRefusedException refused = refusalOf(world.plan(RecoveryTarget.lsn(at(12, 0))));

        assertThat(refused.refusals()).extracting(Refusal::kind).containsExactly(Kind.WAL_GAP, Kind.BEFORE_CONSISTENT);
        assertThat(refused.getMessage().lines()).hasSize(2).last().asString().startsWith("  Backup late: ");
    }

    @Test
    void limitsTheMessageWithManyBackups() {
        World world = new World();
        for (int i = 0; i < 1000; i++) {
            world.backup("b" + i, 1, at(i + 1, 40), at(i + 1, 312), TEN);
        }

        RestoreRefusedException refused = refusalOf(world.plan(RecoveryTarget.latest()));

        assertThat(refused.refusals()).hasSize(1000);
        assertThat(refused.getMessage().lines()).hasSize(7);
        assertThat(refused).hasMessageContaining("and 994 more backups");
    }

    @Test
    void ofCarriedWalThatDoesNotReachTheTarget() {
        World world = new World()
                .backup(
                        "b",
                        1,
                        at(3, 40),
                        1,
                        at(4, 312),
                        TEN,
                        builder -> builder.carriedWal(List.of(segment(1, 3), segment(1, 4))));

        assertThat(only(world.plan(RecoveryTarget.xid(4711))).kind()).isEqualTo(Kind.WAL_GAP);
        assertThat(alternative(only(world.plan(RecoveryTarget.xid(4711)))).describe())
                .isNotEmpty();
    }

    @Test
    void setsEachOptionOnce() {
        RestorePlanBuilder builder = world().plan(RecoveryTarget.latest()).endBeforeGap();

        assertThatIllegalStateException().isThrownBy(() -> builder.target(RecoveryTarget.immediate()));
        assertThatIllegalStateException().isThrownBy(builder::endBeforeGap).withMessage("endBeforeGap is set twice");
        assertThatIllegalStateException()
                .isThrownBy(() -> RestorePlan.from(world().catalogue()).build())
                .withMessageContaining("target is missing");
    }
}

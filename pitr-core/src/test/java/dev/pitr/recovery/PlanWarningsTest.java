package dev.pitr.recovery;

import static dev.pitr.recovery.World.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a plan warns of. */
class PlanWarningsTest {
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

    @Test
    void saysThatAnActionNeedsATarget() {
        RestorePlan plan = oneTimeline()
                .plan(RecoveryTarget.latest())
                .action(TargetAction.SHUTDOWN)
                .build();

        assertThat(plan.warnings()).singleElement().asString().contains("ignores the action shutdown");
    }

    @Test
    void warnsOfATimelineNumberThatIsTaken() {
        RestorePlan plan = twoTimelines()
                .withoutHistory(2)
                .plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.current())
                .build();

        assertThat(plan.newTimeline()).isEqualTo(new TimelineId(2));
        assertThat(plan.warnings()).singleElement().asString().contains("00000002.history isn't stored");
    }

    @Test
    void doesWithoutTheHistoryFileOfAnAncestor() {
        RestorePlan plan = twoTimelines()
                .fork(3, 2, at(14, 0))
                .wal(3, 14, 15)
                .withoutHistory(2)
                .plan(RecoveryTarget.latest())
                .timeline(TimelineTarget.number(new TimelineId(3)))
                .build();

        assertThat(plan.historyFiles()).extracting(WalFileName::name).containsExactly("00000003.history");
        assertThat(plan.warnings()).singleElement().asString().contains("00000002.history isn't stored");
    }

    @Test
    void warnsThatPausingCanFail() {
        World hotStandbyOff = new World()
                .wal(1, 3, 4)
                .backup("b", 1, at(3, 40), 1, at(4, 312), TEN, builder -> builder.setting("hot_standby", "off"));

        assertThat(oneTimeline().plan(RecoveryTarget.immediate()).build().warnings())
                .singleElement()
                .asString()
                .contains("promotes instead of pausing");
        assertThat(hotStandbyOff.plan(RecoveryTarget.immediate()).build().warnings())
                .singleElement()
                .asString()
                .contains("shuts down at the target");
        assertThat(oneTimeline()
                        .plan(RecoveryTarget.immediate())
                        .action(TargetAction.PROMOTE)
                        .build()
                        .warnings())
                .isEmpty();
    }

    @Test
    void warnsThatAFullTransactionNumberIsCut() {
        RestorePlan plan = oneTimeline()
                .plan(RecoveryTarget.xid(4294967299L))
                .action(TargetAction.PROMOTE)
                .build();

        assertThat(plan.warnings())
                .satisfiesExactly(
                        unread -> assertThat(unread).contains("isn't known before the server reads the WAL"),
                        cut -> assertThat(cut).contains("4294967299 becomes 3"));
    }
}

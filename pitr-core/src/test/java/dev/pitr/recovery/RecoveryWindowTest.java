package dev.pitr.recovery;

import static dev.pitr.recovery.WalStory.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.recovery.RecoveryWindow.Ending;
import dev.pitr.testing.WalWriter.Span;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which moments can be recovered. */
class RecoveryWindowTest {
    private static final long HOUR = 3_600_000_000L;

    private static WalStory day() {
        WalStory story = new WalStory();
        Lsn redo = story.wal().runningTransactions(false).start();
        story.commit(700, 0).backup("ten", redo, 1).switchSegment();
        story.commit(710, HOUR).commit(720, HOUR + 5).switchSegment();
        story.backup("twelve", 2 * HOUR).switchSegment();
        story.commit(730, 3 * HOUR).commit(740, 3 * HOUR + 5).filler(100).switchSegment();
        return story.archive();
    }

    private static RecoveryWindow only(WalStory story) {
        List<RecoveryWindow> all = story.windows().windows().all();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private static long xid(RecoveryWindow.Edge edge) {
        return edge.commit().map(commit -> commit.xid()).orElse(0L);
    }

    @Test
    void reachesFromTheFirstConsistentPointToTheLastCommit() {
        WalStory story = day();
        RecoveryWindow window = only(story);

        assertThat(window.start().lsn()).isEqualTo(story.backups().get(0).stopLsn());
        assertThat(xid(window.start())).isEqualTo(700);
        assertThat(xid(window.end())).isEqualTo(740);
        assertThat(window.end().commit().orElseThrow().time()).isEqualTo(at(3 * HOUR + 5));
        assertThat(window.end().lsn()).isLessThan(window.archivedUpTo());
        assertThat(window.archivedUpTo()).isEqualTo(World.at(7, 0));
        assertThat(window.backups()).extracting(backup -> backup.id()).containsExactly("ten", "twelve");
        assertThat(window.ending()).isEqualTo(Ending.END_OF_ARCHIVE);
    }

    @Test
    void gapsSplitWindowsAndAreNamed() {
        WalStory story = day().without(1, 4);

        RecoveryWindows windows = story.windows().windows();

        assertThat(windows.all()).hasSize(2);
        assertThat(windows.all().get(0).ending()).isEqualTo(Ending.GAP);
        assertThat(xid(windows.all().get(0).end())).isEqualTo(700);
        assertThat(windows.all().get(0).reason()).contains("000000010000000000000004");
        assertThat(windows.all().get(1).backups()).extracting(b -> b.id()).containsExactly("twelve");
        assertThat(windows.timelines().get(0).gaps()).hasSize(1);
        assertThat(windows.describe()).contains("1. from", "2. from", "missing   000000010000000000000004", "o");
    }

    @Test
    void damageSplitsWindowsLikeAGap() {
        WalStory story = day();
        story.file(1, 4)[8192 * 3] = 0;
        Span span = new Span(World.at(4, 40), World.at(4, 80));
        story.file(1, 4)[(int) (span.start().value() % World.SIZE.bytes()) + 30] ^= 1;

        RecoveryWindows windows = story.windows().windows();

        assertThat(windows.all()).hasSize(2);
        assertThat(windows.all().get(0).ending()).isEqualTo(Ending.DAMAGE);
        assertThat(windows.all().get(0).reason()).contains("000000010000000000000004 at 0/400028");
        assertThat(xid(windows.all().get(1).end())).isEqualTo(740);
    }

    @Test
    void minimalWalEndsAWindowAndALaterBackupBeginsAnother() {
        WalStory story = day();
        story.wal().parameterChange(100, 0);
        story.commit(750, 4 * HOUR);
        story.wal().parameterChange(100, 1);
        story.switchSegment()
                .backup("later", 5 * HOUR)
                .commit(760, 6 * HOUR)
                .switchSegment()
                .archive();

        List<RecoveryWindow> windows = story.windows().windows().all();

        assertThat(windows).hasSize(2);
        assertThat(windows.get(0).ending()).isEqualTo(Ending.WAL_LEVEL_MINIMAL);
        assertThat(xid(windows.get(0).end())).isEqualTo(740);
        assertThat(windows.get(1).backups()).extracting(b -> b.id()).containsExactly("later");
        assertThat(xid(windows.get(1).end())).isEqualTo(760);
    }

    @Test
    void eachTimelineHasItsOwnEnd() {
        WalStory story = day().commit(750, 4 * HOUR).promote(4 * HOUR + 1);
        story.commit(760, 4 * HOUR + 2).switchSegment().archive();
        story.world().partial(1, 7);

        RecoveryWindows windows = story.windows().windows();

        assertThat(windows.timelines()).hasSize(2);
        RecoveryWindow one = windows.all().get(0);
        RecoveryWindow two = windows.all().get(1);
        assertThat(xid(one.end())).isEqualTo(740);
        assertThat(one.ending()).isEqualTo(Ending.PARTIAL_SEGMENT);
        assertThat(xid(two.end())).isEqualTo(760);
        assertThat(two.end().timeline()).isEqualTo(new TimelineId(2));
        assertThat(two.start().timeline()).isEqualTo(new TimelineId(1));
        assertThat(windows.describe()).contains("TIMELINE 2, forked from 1 at ");
        assertThat(windows.toJson()).contains("\"ending\" : \"partial-segment\"", "\"xid\" : 760");
    }

    @Test
    void aTimelineWithoutItsFirstSegmentEndsAtItsFork() {
        WalStory story = day().commit(750, 4 * HOUR).promote(4 * HOUR + 1);
        story.commit(760, 4 * HOUR + 2).switchSegment().archive().without(2, 7);

        RecoveryWindow two = story.windows().windows().all().get(1);

        assertThat(two.ending()).isEqualTo(Ending.SWITCH_SEGMENT_MISSING);
        assertThat(xid(two.end())).isEqualTo(740);
    }

    @Test
    void aBackupWithoutItsWalServesNothing() {
        WalStory story = day().without(1, 3).without(1, 5);

        RecoveryWindows windows = story.windows().windows();

        assertThat(windows.all()).isEmpty();
        assertThat(windows.describe()).contains("No moment can be recovered");
    }

    @Test
    void anEmptyCatalogueHasNoWindows() {
        RecoveryWindows windows = new WalStory().windows().windows();

        assertThat(windows.all()).isEmpty();
        assertThat(windows.describe()).contains("RECOVERY WINDOWS");
        assertThat(windows.toJson()).contains("\"timelines\"");
    }

    @Test
    void findsTheMomentsAroundATimeByTheServersRule() {
        WalStory story = day();
        story.commit(750, 4 * HOUR)
                .commit(760, 4 * HOUR - 9)
                .commit(770, 5 * HOUR)
                .switchSegment()
                .archive();
        RecoveryWindowCalculator windows = story.windows();

        NearestMoments inside = windows.nearestReachable(at(4 * HOUR - 5));
        NearestMoments behind = windows.nearestReachable(at(6 * HOUR));
        NearestMoments before = windows.nearestReachable(at(-HOUR));

        assertThat(inside.isReachable()).isTrue();
        assertThat(inside.before().orElseThrow().commit().orElseThrow().xid()).isEqualTo(740);
        assertThat(inside.after().orElseThrow().commit().orElseThrow().xid()).isEqualTo(750);
        assertThat(behind.isReachable()).isFalse();
        assertThat(behind.before().orElseThrow().commit().orElseThrow().xid()).isEqualTo(770);
        assertThat(behind.after()).isEmpty();
        assertThat(before.before()).isEmpty();
        assertThat(before.after().orElseThrow().target()).isEqualTo(RecoveryTarget.immediate());
        assertThat(before.after().orElseThrow().backupId()).isEqualTo("ten");
    }

    @Test
    void findsTheMomentsOnBothSidesOfAGap() {
        WalStory story = day().without(1, 4);

        NearestMoments moments = story.windows().nearestReachable(at(HOUR + 1));

        assertThat(moments.isReachable()).isFalse();
        assertThat(moments.before().orElseThrow().commit().orElseThrow().xid()).isEqualTo(700);
        assertThat(moments.after().orElseThrow().backupId()).isEqualTo("twelve");
    }

    @Test
    void listsRestorePointsInOrderOfTheWal() {
        WalStory story = day();
        story.wal().restorePoint("b", at(4 * HOUR));
        story.wal().restorePoint("a", at(4 * HOUR + 1));
        story.switchSegment();
        story.wal().restorePoint("b", at(4 * HOUR + 2));
        story.switchSegment().archive().without(1, 4);

        assertThat(story.windows().restorePoints(TimelineId.FIRST))
                .extracting(point -> point.name())
                .containsExactly("b", "a", "b");
    }
}

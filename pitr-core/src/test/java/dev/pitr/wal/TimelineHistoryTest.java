package dev.pitr.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.TimelineHistory.Fork;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineHistoryTest {
    private static final WalSegmentSize MIB = new WalSegmentSize(1 << 20);
    private static final TimelineId ONE = TimelineId.FIRST;
    private static final TimelineId TWO = new TimelineId(2);
    private static final TimelineId THREE = new TimelineId(3);

    @ParameterizedTest
    @ValueSource(strings = {"timelines-v13", "timelines-v17"})
    void readsHistoriesOfRealServersWithADescendingSwitchPoint(String sample) {
        TimelineHistory second = TimelineHistory.parse(TWO, WalSamples.text(sample + "/00000002.history"));
        TimelineHistory third = TimelineHistory.parse(THREE, WalSamples.text(sample + "/00000003.history"));
        assertThat(second.forks()).hasSize(1);
        assertThat(third.forks()).hasSize(2);
        assertThat(third.forks().get(0)).isEqualTo(second.forks().get(0));
        Lsn down = third.forks().get(1).switchPoint();
        assertThat(down).isLessThan(third.forks().get(0).switchPoint());
        assertThat(third.newestFirst()).containsExactly(THREE, TWO, ONE);
        // Timeline 2 had not forked yet where 3 left it: nothing of 2 is on the way to 3.
        assertThat(third.timelineAt(down)).isEqualTo(THREE);
        assertThat(third.timelineAt(down.plus(-1))).isEqualTo(ONE);
    }

    @Test
    void walksToTheFileOfTheChildInTheSegmentOfTheSwitch() {
        TimelineHistory third = TimelineHistory.parse(THREE, WalSamples.text("timelines-v17/00000003.history"));
        assertThat(third.forks())
                .extracting(Fork::switchPoint)
                .containsExactly(Lsn.parse("0/D00090"), Lsn.parse("0/C00090"));
        assertThat(names(third, "0/A00028", "0/DFFFFF"))
                .containsExactly(
                        "00000001000000000000000A",
                        "00000001000000000000000B",
                        "00000003000000000000000C",
                        "00000003000000000000000D");
        List<String> stored = WalSamples.segments("timelines-v17").stream()
                .map(WalSamples.SegmentStart::name)
                .toList();
        assertThat(stored).containsAll(names(third, "0/A00028", "0/DFFFFF"));
        TimelineHistory second = TimelineHistory.parse(TWO, WalSamples.text("timelines-v17/00000002.history"));
        assertThat(stored).containsAll(names(second, "0/900028", "0/11FFFFF"));
    }

    @Test
    void aSwitchOnABoundaryBeginsTheChildWithThatSegment() {
        TimelineHistory history = TimelineHistory.parse(TWO, "1\t0/300000\tno recovery target specified\n");
        assertThat(history.timelineAt(Lsn.parse("0/2FFFFF"))).isEqualTo(ONE);
        assertThat(history.timelineAt(Lsn.parse("0/300000"))).isEqualTo(TWO);
        assertThat(names(history, "0/200000", "0/3FFFFF"))
                .containsExactly("000000010000000000000002", "000000020000000000000003");
        TimelineHistory justAfter = TimelineHistory.parse(TWO, "1\t0/300001\n");
        assertThat(justAfter.timelineAt(Lsn.parse("0/300000"))).isEqualTo(ONE);
        assertThat(justAfter.segmentAt(Lsn.parse("0/300000"), MIB).timeline()).isEqualTo(TWO);
    }

    @Test
    void severalForksInOneSegmentLeaveTheNewestCopy() {
        TimelineHistory history = TimelineHistory.parse(new TimelineId(4), "1\t0/310000\n2\t0/320000\n3\t0/330000\n");
        assertThat(history.segmentAt(Lsn.parse("0/300000"), MIB).name()).isEqualTo("000000040000000000000003");
        assertThat(history.segmentAt(Lsn.parse("0/2FFFFF"), MIB).name()).isEqualTo("000000010000000000000002");
        assertThat(history.timelineAt(Lsn.parse("0/310000"))).isEqualTo(TWO);
        assertThat(history.timelineAt(Lsn.parse("0/32FFFF"))).isEqualTo(THREE);
    }

    @Test
    void skipsCommentsAndEmptyLinesAndIgnoresWhatFollowsTheSwitchPoint() {
        String text =
                "# made by hand\n\n  \n  # indented\n 1 0/d00090\r\n\n2\t0/E00000\tbefore 2026-11-20 12:30:00+00\n";
        assertThat(TimelineHistory.parse(THREE, text).forks())
                .containsExactly(
                        new Fork(ONE, Lsn.parse("0/D00090"), ""),
                        new Fork(TWO, Lsn.parse("0/E00000"), "before 2026-11-20 12:30:00+00"));
        assertThat(TimelineHistory.parse(TWO, "1\t0/A00000").forks()).hasSize(1);
        assertThat(TimelineHistory.parse(TWO, "").forks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\t0/1",
                "1",
                "1\t",
                "1\t0",
                "1\t0/",
                "1\t/0",
                "\t0/1",
                "-1\t0/1",
                "1\t123456789/0",
                "1\t0/123456789",
                "1\t0/G",
                "4294967296\t0/1",
                "0\t0/1"
            })
    void refusesMalformedLines(String line) {
        assertThatThrownBy(() -> TimelineHistory.parse(THREE, line)).isInstanceOf(WalFormatException.class);
    }

    @Test
    void namesTheLineThatIsWrong() {
        assertThatThrownBy(() -> TimelineHistory.parse(THREE, "1\t0/1\n# fine\ntwo\t0/2\n"))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("History of timeline 3 is invalid in line 3 (\"two\t0/2\"): expected a timeline number and"
                        + " the position at which it was left");
    }

    @Test
    void refusesTimelinesThatDoNotIncreaseUpToItsOwn() {
        assertThatThrownBy(() -> TimelineHistory.parse(THREE, "2\t0/1\n1\t0/2\n"))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("History of timeline 3 is invalid: parent 1 must lie between 2 and 3");
        assertThatThrownBy(() -> TimelineHistory.parse(THREE, "2\t0/1\n2\t0/2\n"))
                .isInstanceOf(WalFormatException.class);
        assertThatThrownBy(() -> TimelineHistory.parse(THREE, "3\t0/1\n")).isInstanceOf(WalFormatException.class);
        assertThat(TimelineHistory.parse(THREE, "1\t0/2\n2\t0/1\n").forks()).hasSize(2);
    }

    @Test
    void refusesAReasonOfSeveralLines() {
        assertThatThrownBy(() -> new Fork(ONE, Lsn.ZERO, "a\nb"))
                .isInstanceOf(WalFormatException.class)
                .hasMessage("Reason of a fork from timeline 1 contains a line end");
    }

    @Test
    void aTimelineWithoutParentsOwnsEverything() {
        TimelineHistory history = TimelineHistory.withoutParents(ONE);
        assertThat(history.timelineAt(Lsn.ZERO)).isEqualTo(ONE);
        assertThat(history.timelineAt(new Lsn(-1))).isEqualTo(ONE);
        assertThat(history.print()).isEmpty();
    }

    @Test
    void listsPathsOfAnyLengthWithoutHoldingThem() {
        TimelineHistory history = TimelineHistory.parse(TWO, "1\t10/0\n");
        List<WalSegment> path = history.segments(Lsn.ZERO, Lsn.parse("7FF/FFFFFFFF"), MIB);
        assertThat(path).hasSize(8_388_608);
        assertThat(path.get(path.size() - 1).name()).isEqualTo("00000002000007FF00000FFF");
        WalSegment somewhere = WalSegment.parse("000000020000010000000007", MIB);
        assertThat(path.indexOf(somewhere)).isEqualTo(0x100007);
        assertThat(path.contains(somewhere.on(ONE))).isFalse();
        assertThatThrownBy(() -> path.get(path.size())).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> history.segments(Lsn.ZERO, new Lsn(-1), MIB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot list 17592186044416 segments at once: at most 2147483647");
    }

    @Test
    void listsOneSegmentForOnePositionAndRefusesTheWrongOrder() {
        TimelineHistory history = TimelineHistory.withoutParents(ONE);
        Lsn last = new Lsn(-1);
        assertThat(history.segments(last, last, MIB)).containsExactly(WalSegment.containing(ONE, last, MIB));
        assertThatThrownBy(() -> history.segments(Lsn.parse("0/1"), Lsn.ZERO, MIB))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot list segments from 0/1 to 0/0: the end is first");
    }

    private static List<String> names(TimelineHistory history, String from, String to) {
        return history.segments(Lsn.parse(from), Lsn.parse(to), MIB).stream()
                .map(WalSegment::name)
                .collect(Collectors.toList());
    }

    @Property
    void parsesWhatItPrints(@ForAll("histories") TimelineHistory history) {
        assertThat(TimelineHistory.parse(history.timeline(), history.print())).isEqualTo(history);
    }

    /** The loop of {@code tliOfPointInHistory}, written down as the server has it. */
    @Property
    void everyPositionIsOwnedAsTheServerSays(
            @ForAll("histories") TimelineHistory history, @ForAll("positions") Lsn lsn) {
        List<TimelineId> timelines = history.newestFirst();
        TimelineId expected = null;
        for (int i = 0; i < timelines.size() && expected == null; i++) {
            int fork = timelines.size() - 1 - i;
            Lsn begin = fork == 0 ? Lsn.ZERO : history.forks().get(fork - 1).switchPoint();
            Lsn end = i == 0 ? Lsn.ZERO : history.forks().get(fork).switchPoint();
            if ((begin.equals(Lsn.ZERO) || !lsn.isBefore(begin)) && (end.equals(Lsn.ZERO) || lsn.isBefore(end))) {
                expected = timelines.get(i);
            }
        }
        assertThat(history.timelineAt(lsn)).isEqualTo(expected);
    }

    @Property
    void aPathTakesEachSegmentFromTheNewestTimelineThatReachesIt(
            @ForAll("histories") TimelineHistory history, @ForAll("positions") Lsn from) {
        List<WalSegment> path = history.segments(from, from.plus(40L * MIB.bytes()), MIB);
        for (WalSegment segment : path) {
            assertThat(history.segmentAt(segment.start(), MIB)).isEqualTo(segment);
            assertThat(segment.timeline()).isGreaterThanOrEqualTo(history.timelineAt(segment.last()));
            TimelineId newest = ONE;
            for (Fork fork : history.forks()) {
                boolean childReachesIt = segment.number() >= MIB.segmentNumber(fork.switchPoint());
                int child = history.forks().indexOf(fork) + 1;
                newest = childReachesIt
                        ? history.newestFirst().get(history.forks().size() - child)
                        : newest;
            }
            assertThat(segment.timeline()).isEqualTo(history.forks().isEmpty() ? history.timeline() : newest);
        }
        assertThat(path).isSortedAccordingTo((a, b) -> Long.compare(a.number(), b.number()));
    }

    @Property
    void stretchesTakeEachSegmentFromTheSameTimelineAsAPath(
            @ForAll("histories") TimelineHistory history, @ForAll("positions") Lsn lsn) {
        List<TimelineHistory.Stretch> stretches = history.stretches(MIB);
        long expected = 0;
        for (TimelineHistory.Stretch stretch : stretches) {
            assertThat(stretch.first()).isEqualTo(expected);
            expected = stretch.last() + 1;
        }
        assertThat(expected).isEqualTo(MIB.segmentNumber(new Lsn(-1)) + 1);
        WalSegment segment = history.segmentAt(lsn, MIB);
        assertThat(stretches)
                .filteredOn(stretch -> stretch.first() <= segment.number() && segment.number() <= stretch.last())
                .extracting(TimelineHistory.Stretch::timeline)
                .containsExactly(segment.timeline());
    }

    @Provide
    static Arbitrary<Lsn> positions() {
        return Arbitraries.longs().between(0, 64L << 20).map(Lsn::new);
    }

    @Provide
    static Arbitrary<TimelineHistory> histories() {
        Arbitrary<String> reason = Arbitraries.of("", "at restore point \"x\"", "before transaction 7", "a\tb  ");
        Arbitrary<Fork> forkOfAny =
                Combinators.combine(positions(), reason).as((lsn, text) -> new Fork(ONE, lsn, text));
        return forkOfAny.list().ofMaxSize(6).map(forks -> {
            List<Fork> numbered = new ArrayList<>();
            for (Fork fork : forks) {
                numbered.add(new Fork(new TimelineId(numbered.size() + 1L), fork.switchPoint(), fork.reason()));
            }
            return new TimelineHistory(new TimelineId(numbered.size() + 1L), numbered);
        });
    }
}

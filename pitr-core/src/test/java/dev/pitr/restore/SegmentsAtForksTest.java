package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SegmentsAtForksTest {
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);

    private static Map<WalSegment, WalSegment> names(String history, String from, String to) {
        TimelineId tip = new TimelineId(history.lines().count() + 1);
        TimelineHistory parsed = TimelineHistory.parse(tip, history);
        return SegmentsAtForks.names(parsed, parsed.segments(Lsn.parse(from), Lsn.parse(to), SIZE));
    }

    private static WalSegment segment(long timeline, long number) {
        return new WalSegment(new TimelineId(timeline), number, SIZE);
    }

    @Test
    void givesTheChildsSegmentTheParentsNameToo() {
        assertThat(names("1\t0/512340\tx\n2\t0/901000\tx\n", "0/300028", "0/B00000"))
                .containsOnly(Map.entry(segment(1, 5), segment(2, 5)), Map.entry(segment(2, 9), segment(3, 9)));
    }

    @Test
    void givesOneSegmentTheNamesOfAllWhoWroteInIt() {
        assertThat(names("1\t0/512340\tx\n2\t0/512400\tx\n", "0/300028", "0/600000"))
                .containsOnly(Map.entry(segment(1, 5), segment(3, 5)), Map.entry(segment(2, 5), segment(3, 5)));
    }

    @Test
    void leavesOutForksThatThePathDoesNotReachOrHasPassed() {
        assertThat(names("1\t0/512340\tx\n", "0/300028", "0/400000")).isEmpty();
        assertThat(names("1\t0/512340\tx\n", "0/600028", "0/700000")).isEmpty();
    }

    @Test
    void leavesOutAForkBetweenSegments() {
        assertThat(names("1\t0/500000\tx\n", "0/300028", "0/600000")).isEmpty();
    }

    @Test
    void namesTheTimelineThatWroteWhereSwitchPointsGoDown() {
        assertThat(names("1\t0/912340\tx\n2\t0/512340\tx\n", "0/300028", "0/B00000"))
                .containsOnly(Map.entry(segment(1, 5), segment(3, 5)));
    }
}

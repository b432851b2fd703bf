package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.postgres.WalRange;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegmentSize;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequiredWalTest {
    private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;

    private static WalRange range(int timeline, String start, String end) {
        return new WalRange(new TimelineId(timeline), Lsn.parse(start), Lsn.parse(end));
    }

    private static List<String> files(WalRange... ranges) {
        return RequiredWal.of(List.of(ranges), SIZE).files().stream()
                .map(WalFileName::name)
                .toList();
    }

    @Test
    void isTheSegmentsFromStartToStop() {
        assertThat(files(range(1, "0/2000028", "0/2000100"))).containsExactly("000000010000000000000002");
        assertThat(files(range(1, "0/2000028", "0/4000100")))
                .containsExactly("000000010000000000000002", "000000010000000000000003", "000000010000000000000004");
    }

    @Test
    void leavesOutTheSegmentThatBeginsAtTheStop() {
        assertThat(files(range(1, "0/2000028", "0/3000000"))).containsExactly("000000010000000000000002");
        assertThat(files(range(1, "0/2000028", "0/3000001")))
                .containsExactly("000000010000000000000002", "000000010000000000000003");
    }

    @Test
    void needsTheHistoryOfALaterTimeline() {
        assertThat(files(range(3, "0/2000028", "0/2000100")))
                .containsExactly("00000003.history", "000000030000000000000002");
    }

    @Test
    void takesTheChildsCopyOfASegmentThatHoldsAFork() {
        assertThat(files(range(2, "0/4000500", "0/5000100"), range(1, "0/3000028", "0/4000500")))
                .containsExactly(
                        "00000002.history",
                        "000000010000000000000003",
                        "000000020000000000000004",
                        "000000020000000000000005");
    }
}

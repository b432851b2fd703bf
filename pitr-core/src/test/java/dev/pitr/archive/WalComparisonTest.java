package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.archive.WalConflictException.Kind;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WalComparisonTest {
    private static final WalSegment SEGMENT = FakeWal.segment(7);
    private static final WalFileName NAME = new WalFileName.Segment(SEGMENT);
    private static final int PAGE = 8192;

    @Test
    void findsNothingBetweenEqualFiles() throws IOException {
        assertThat(compare(NAME, FakeWal.bytes(SEGMENT), FakeWal.bytes(SEGMENT)))
                .isEmpty();
    }

    @Test
    void tellsOtherRecordsAndWhereTheyBegin() throws IOException {
        byte[] other = FakeWal.bytes(SEGMENT);
        other[3 * PAGE + 1000] ^= 1;
        WalComparison.Difference difference =
                compare(NAME, FakeWal.bytes(SEGMENT), other).orElseThrow();
        assertThat(difference.kind()).isEqualTo(Kind.OTHER_RECORDS);
        assertThat(difference.offset()).isEqualTo(3 * PAGE + 1000);
        assertThat(difference.position()).contains(Lsn.parse("0/7063E8"));
        assertThat(difference.describe()).isEqualTo("They first differ at byte 25576, position 0/7063E8.");
    }

    @Test
    void tellsThatOneEndsWhereTheOtherGoesOn() throws IOException {
        byte[] whole = FakeWal.bytes(SEGMENT, 10);
        byte[] cut = whole.clone();
        java.util.Arrays.fill(cut, 5 * PAGE + 2000, cut.length, (byte) 0);
        WalComparison.Difference difference = compare(NAME, whole, cut).orElseThrow();
        assertThat(difference.kind()).isEqualTo(Kind.OTHER_TAIL);
        assertThat(difference.describe())
                .isEqualTo("They first differ at byte 42960, position 0/70A7D0, where the WAL of the offered file ends"
                        + " and that of the archived one goes on.");
        assertThat(compare(NAME, cut, whole).orElseThrow().describe())
                .contains("where the WAL of the archived file ends and that of the offered one goes on.");
    }

    @Test
    void doesNotTakeStalePagesOfARecycledFileForWal() throws IOException {
        byte[] zeros = FakeWal.bytes(SEGMENT, 10);
        byte[] recycled = zeros.clone();
        byte[] before = FakeWal.bytes(FakeWal.segment(3));
        System.arraycopy(before, 10 * PAGE, recycled, 10 * PAGE, recycled.length - 10 * PAGE);
        WalComparison.Difference difference = compare(NAME, zeros, recycled).orElseThrow();
        assertThat(difference.kind()).isEqualTo(Kind.OTHER_TAIL);
        assertThat(difference.describe()).endsWith("where neither holds WAL any more.");
    }

    @Test
    void pagesOfOtherHistoriesThatBeginWithTheirHeaderAreOtherRecords() throws IOException {
        byte[] one = FakeWal.bytes(SEGMENT, 10);
        byte[] two = one.clone();
        two[4 * PAGE + 4] = 2;
        assertThat(compare(NAME, one, two).orElseThrow().kind()).isEqualTo(Kind.OTHER_RECORDS);
    }

    @Test
    void textsHaveNoPosition() throws IOException {
        WalFileName history = new WalFileName.History(new TimelineId(2));
        WalComparison.Difference difference = compare(
                        history,
                        "1\t0/300000\t\n".getBytes(StandardCharsets.US_ASCII),
                        "1\t0/300000\t\n2".getBytes(StandardCharsets.US_ASCII))
                .orElseThrow();
        assertThat(difference.kind()).isEqualTo(Kind.OTHER_TEXT);
        assertThat(difference.describe()).isEqualTo("They first differ at byte 12.");
    }

    private static Optional<WalComparison.Difference> compare(WalFileName name, byte[] archived, byte[] offered)
            throws IOException {
        return WalComparison.between(name, new ByteArrayInputStream(archived), new ByteArrayInputStream(offered));
    }
}

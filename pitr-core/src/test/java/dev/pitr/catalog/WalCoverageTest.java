package dev.pitr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WalCoverageTest {
    private static final TimelineId TIMELINE = new TimelineId(3);

    @Property
    void saysTheSameAsASortedMap(@ForAll @Size(max = 200) List<@IntRange(max = 100) Integer> numbers) {
        Map<Long, Long> expected = new TreeMap<>();
        WalCoverage.Builder builder = WalCoverage.builder();
        for (int i = 0; i < numbers.size(); i++) {
            builder.add(segment(numbers.get(i)), i);
            expected.put((long) numbers.get(i), (long) i);
        }
        WalCoverage coverage = builder.build();
        assertThat(coverage.segmentCount()).isEqualTo(expected.size());
        assertThat(coverage.totalStoredBytes())
                .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
        for (long number = 0; number <= 101; number++) {
            assertThat(coverage.contains(segment(number))).isEqualTo(expected.containsKey(number));
            if (expected.containsKey(number)) {
                assertThat(coverage.storedSizeBytes(segment(number))).hasValue(expected.get(number));
            }
        }
        assertRunsCoverExactly(coverage, expected);
    }

    private static void assertRunsCoverExactly(WalCoverage coverage, Map<Long, Long> expected) {
        long inRuns = 0;
        long previousEnd = -2;
        for (WalCoverage.Run run : coverage.runs(TIMELINE)) {
            assertThat(run.first().number()).isGreaterThan(previousEnd + 1);
            for (long number = run.first().number(); number <= run.last().number(); number++) {
                assertThat(expected).containsKey(number);
                assertThat(coverage.runFrom(segment(number)).orElseThrow().last())
                        .isEqualTo(run.last());
            }
            inRuns += run.length();
            previousEnd = run.last().number();
        }
        assertThat(inRuns).isEqualTo(expected.size());
    }

    @Test
    void holdsMillionsOfSegments() {
        WalCoverage.Builder builder = WalCoverage.builder();
        for (long number = 0; number < 3_000_000; number++) {
            if (number != 2_000_000) {
                builder.add(segment(number), 1000);
            }
        }
        WalCoverage coverage = builder.build();
        assertThat(coverage.runs(TIMELINE)).extracting(WalCoverage.Run::length).containsExactly(2_000_000L, 999_999L);
        assertThat(coverage.newest(TIMELINE)).contains(segment(2_999_999));
        assertThat(coverage.oldest(TIMELINE)).contains(segment(0));
    }

    @Test
    void isEmptyWithoutSegments() {
        WalCoverage coverage = WalCoverage.builder().build();
        assertThat(coverage.timelines()).isEmpty();
        assertThat(coverage.newest(TIMELINE)).isEmpty();
        assertThat(coverage.runs(TIMELINE)).isEmpty();
        assertThat(coverage.runFrom(segment(1))).isEmpty();
    }

    @Test
    void refusesSegmentsOfTwoSizes() {
        WalCoverage.Builder builder = WalCoverage.builder().add(segment(1), 1);
        WalSegment other = new WalSegment(TIMELINE, 1, new WalSegmentSize(1 << 20));
        assertThatThrownBy(() -> builder.add(other, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("others here have 16777216");
        assertThat(builder.build().contains(other)).isFalse();
    }

    private static WalSegment segment(long number) {
        return new WalSegment(TIMELINE, number, WalSegmentSize.DEFAULT);
    }
}

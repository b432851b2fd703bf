package dev.pitr.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.MadeWal;
import dev.pitr.wal.record.RecordChain;
import dev.pitr.wal.record.SegmentScan;
import dev.pitr.wal.record.SegmentSummary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InMemoryWalIndexTest {
    private static final WalSegment FIRST = new WalSegment(TimelineId.FIRST, 3, MadeWal.SIZE);
    private static final WalSegment LAST = new WalSegment(TimelineId.FIRST, 5, MadeWal.SIZE);
    private static final WalCoverage.Run RUN = new WalCoverage.Run(FIRST, LAST);

    private final SortedMap<WalSegment, byte[]> wal = made();

    /** A record from the first segment to the last. */
    private static SortedMap<WalSegment, byte[]> made() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        wal.commit(700, 1);
        wal.message(2_200_000);
        wal.commit(701, 2);
        return wal.segments();
    }

    private InMemoryWalIndex.Builder filled() {
        InMemoryWalIndex.Builder index = InMemoryWalIndex.builder();
        wal.forEach((segment, bytes) -> index.add(SegmentScan.of(segment, PostgresVersion.V17)
                .feed(bytes, 0, bytes.length)
                .finish()));
        return index;
    }

    @Test
    void joinsEachSegmentToTheOneBefore() {
        try (Stream<SegmentSummary> summaries = filled().build().summaries(RUN)) {
            List<SegmentSummary> joined = summaries.toList();
            assertThat(joined).hasSize(3);
            assertThat(joined.get(1).chain().tail()).isPresent();
            assertThat(joined.get(2).chain().head().kind()).isEqualTo(RecordChain.Head.Kind.JOINED);
            assertThat(joined.get(2).chain().brokenAt()).isEmpty();
            assertThat(joined.get(2).chain().first().orElseThrow().start())
                    .isEqualTo(joined.get(0).chain().tail().orElseThrow().start());
        }
    }

    @Test
    void findsWhereSomethingMayBe() {
        try (Stream<SegmentSummary> found =
                filled().build().summaries(RUN, stretch -> stretch.stops().mayHold(701))) {
            assertThat(found.map(SegmentSummary::segment)).containsExactly(LAST);
        }
    }

    @Test
    void opensSegmentsAsItWasTold() throws IOException {
        InMemoryWalIndex index = filled().bytes(segment -> new ByteArrayInputStream(wal.get(segment)))
                .build();
        assertThat(index.open(LAST).readAllBytes()).isEqualTo(wal.get(LAST));
    }

    @Test
    void saysWhatItDoesNotHave() {
        InMemoryWalIndex index = InMemoryWalIndex.builder().build();
        assertThatThrownBy(() -> index.summaries(RUN).toList())
                .isInstanceOf(PitrException.class)
                .hasMessage("Cannot look into a segment: the index has no summary of 000000010000000000000003")
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("wal.not-indexed");
        assertThatThrownBy(() -> index.open(FIRST)).isInstanceOf(PitrException.class);
    }
}

package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentSummaryTest {
    /** What a segment of 1 MiB holds beside its page headers. */
    private static final int SEGMENT_PAYLOAD = (1 << 20) - 127 * 24 - 40;

    private static final WalSegment FIRST = new WalSegment(TimelineId.FIRST, 3, MadeWal.SIZE);

    static Stream<String> samples() {
        return Stream.concat(SampleWal.DUMPED.stream(), SampleWal.TIMELINES.stream());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void joinedSummariesSayWhatOneReadingOfAllSegmentsSays(String name) {
        SampleWal sample = SampleWal.read(name);
        for (SortedMap<WalSegment, byte[]> run : sample.runs()) {
            assertJoinedSayWhatOneReadingSays(run, sample.version());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void foldingSamplesIsAssociative(String name) {
        SampleWal sample = SampleWal.read(name);
        for (SortedMap<WalSegment, byte[]> run : sample.runs()) {
            assertFoldingIsAssociative(run, sample.version(), new Random(1));
        }
    }

    @Property(tries = 60)
    void recordsOfAnyLengthFoldAsTheyAreRead(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 0, max = 3_000_000) Integer> lengths,
            @ForAll @IntRange(min = 0, max = 100) int seed) {
        SortedMap<WalSegment, byte[]> segments = made(lengths, new Random(seed));
        assertJoinedSayWhatOneReadingSays(segments, PostgresVersion.V17);
        assertFoldingIsAssociative(segments, PostgresVersion.V17, new Random(seed));
    }

    /** Records of all kinds between messages of the given lengths, so that any of them may straddle a boundary. */
    private static SortedMap<WalSegment, byte[]> made(List<Integer> lengths, Random random) {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        long time = 800_000_000_000_000L;
        for (int length : lengths) {
            wal.message(random.nextBoolean() ? length : length / 1000);
            for (int i = random.nextInt(40); i > 0; i--) {
                switch (random.nextInt(6)) {
                    case 0 -> wal.commit(700 + random.nextInt(50), time + random.nextInt(1000));
                    case 1 -> wal.abort(700 + random.nextInt(50), time - random.nextInt(1000));
                    case 2 -> wal.restorePoint("point " + i, time);
                    default -> wal.insert(700, 16_384 + random.nextInt(3));
                }
            }
            if (random.nextInt(5) == 0) {
                wal.switchSegment();
            }
        }
        return wal.segments();
    }

    private static void assertJoinedSayWhatOneReadingSays(
            SortedMap<WalSegment, byte[]> segments, PostgresVersion version) {
        Map<Long, SummaryTally> read = readAtOnce(segments, version);
        SegmentSummary previous = null;
        for (SegmentSummary alone : summaries(segments, version)) {
            SegmentSummary joined = previous == null ? alone : alone.joinedTo(previous);
            SummaryTally tally = read.getOrDefault(joined.segment().number(), new SummaryTally(null));
            StretchSummary.Builder stretch = StretchSummary.builder(joined.segment(), joined.segment(), joined.chain());
            tally.addTo(stretch);
            SegmentSummary.Builder expected = SegmentSummary.builder(stretch.build());
            tally.addTo(expected, List.of());
            assertThat(joined.stretch()).isEqualTo(stretch.build());
            assertThat(joined.records()).isEqualTo(expected.build().records());
            assertThat(joined.chain().brokenAt()).isEmpty();
            previous = joined;
        }
    }

    /** What one cursor over all segments reads, by the segment in which each record ends. */
    private static Map<Long, SummaryTally> readAtOnce(SortedMap<WalSegment, byte[]> segments, PostgresVersion version) {
        Map<Long, SummaryTally> tallies = new HashMap<>();
        WalSegment first = segments.firstKey();
        WalCursor cursor = WalCursor.builder(first.size())
                .from(first.start())
                .version(version)
                .build();
        for (byte[] bytes : segments.values()) {
            cursor.feed(bytes, 0, bytes.length);
            while (cursor.next()) {
                long segment =
                        first.size().segmentNumber(new Lsn(cursor.record().endLsn() - 1));
                tallies.computeIfAbsent(segment, number -> new SummaryTally(null))
                        .add(cursor.record());
            }
        }
        return tallies;
    }

    private static void assertFoldingIsAssociative(
            SortedMap<WalSegment, byte[]> segments, PostgresVersion version, Random random) {
        List<StretchSummary> stretches = summaries(segments, version).stream()
                .map(SegmentSummary::stretch)
                .toList();
        StretchSummary folded =
                stretches.stream().reduce(StretchSummary::followedBy).orElseThrow();
        for (int i = 0; i < 20; i++) {
            assertThat(foldedInAnyOrder(stretches, random)).isEqualTo(folded);
        }
    }

    private static StretchSummary foldedInAnyOrder(List<StretchSummary> stretches, Random random) {
        List<StretchSummary> rest = new ArrayList<>(stretches);
        while (rest.size() > 1) {
            int i = random.nextInt(rest.size() - 1);
            rest.set(i, rest.get(i).followedBy(rest.remove(i + 1)));
        }
        return rest.get(0);
    }

    private static List<SegmentSummary> summaries(SortedMap<WalSegment, byte[]> segments, PostgresVersion version) {
        List<SegmentSummary> summaries = new ArrayList<>();
        segments.forEach((segment, bytes) -> summaries.add(summary(segment, bytes, version)));
        return summaries;
    }

    private static SegmentSummary summary(WalSegment segment, byte[] bytes, PostgresVersion version) {
        return SegmentScan.of(segment, version).feed(bytes, 0, bytes.length).finish();
    }

    @Property(tries = 20)
    void chunksOfAnySizeGiveTheSameSummary(@ForAll @IntRange(min = 1, max = 100_000) int chunk) {
        SampleWal sample = SampleWal.read("timelines-v17");
        WalSegment segment = sample.segments().firstKey();
        byte[] bytes = sample.segments().get(segment);
        SegmentScan scan = SegmentScan.of(segment, sample.version());
        for (int at = 0; at < bytes.length; at += chunk) {
            scan.feed(bytes, at, Math.min(chunk, bytes.length - at));
        }
        assertThat(scan.finish()).isEqualTo(summary(segment, bytes, sample.version()));
    }

    @Test
    void aDamagedByteOfAStraddlingRecordBreaksTheChain() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        wal.message(1_030_000);
        Lsn straddling = wal.message(50_000);
        wal.commit(700, 1);
        WalSegment second = FIRST.next();
        byte[] damaged = wal.segments().get(second).clone();
        damaged[10_000] ^= 1;
        SegmentSummary before = summary(FIRST, wal.segments().get(FIRST), PostgresVersion.V17);
        SegmentSummary intact = summary(second, wal.segments().get(second), PostgresVersion.V17);
        SegmentSummary broken = summary(second, damaged, PostgresVersion.V17);
        assertThat(intact.joinedTo(before).chain().brokenAt()).isEmpty();
        assertThat(broken.chain().brokenAt()).isEmpty();
        assertThat(broken.joinedTo(before).chain().brokenAt()).contains(straddling);
        assertThat(intact.joinedTo(before).chain().first().orElseThrow().start())
                .isEqualTo(straddling);
        assertThat(broken.joinedTo(before).chain().first().orElseThrow().start())
                .isNotEqualTo(straddling);
        assertThat(before.stretch().followedBy(broken.stretch()).chain().brokenAt())
                .contains(straddling);
    }

    @Test
    void aSegmentOfAnotherHistoryBreaksTheChain() {
        MadeWal one = new MadeWal(PostgresVersion.V17, FIRST);
        MadeWal other = new MadeWal(PostgresVersion.V17, FIRST);
        for (int i = 0; i < 3; i++) {
            one.commit(700, i);
            one.switchSegment();
            other.message(100);
            other.commit(700, i);
            other.switchSegment();
        }
        WalSegment second = FIRST.next();
        SegmentSummary before = summary(FIRST, one.segments().get(FIRST), PostgresVersion.V17);
        SegmentSummary foreign = summary(second, other.segments().get(second), PostgresVersion.V17);
        assertThat(foreign.joinedTo(before).chain().brokenAt())
                .contains(foreign.chain().first().orElseThrow().start());
    }

    @Test
    void partsOfTwoLongRecordsDoNotFit() {
        MadeWal one = new MadeWal(PostgresVersion.V17, FIRST);
        MadeWal other = new MadeWal(PostgresVersion.V17, FIRST);
        one.message(2_600_000);
        other.message(2_700_000);
        WalSegment middle = FIRST.next();
        SegmentSummary before = summary(middle, one.segments().get(middle), PostgresVersion.V17);
        SegmentSummary after = summary(middle.next(), other.segments().get(middle.next()), PostgresVersion.V17);
        assertThat(before.stretch().followedBy(after.stretch()).chain().brokenAt())
                .contains(middle.next().start());
    }

    @Test
    void aSwitchThatStraddlesABoundaryLeavesItsSegmentEmpty() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        long end = FIRST.next().start().value();
        wal.message((int) (end - wal.position().value()) - 127 * 24 - 40 - 16 - 24 - 31);
        while (end - wal.position().value() > 16) {
            wal.commit(700, 1);
        }
        Lsn start = wal.switchSegment();
        wal.commit(701, 2);
        assertThat(end - start.value()).isEqualTo(16);
        List<SegmentSummary> summaries = summaries(wal.segments(), PostgresVersion.V17);
        assertThat(summaries.get(1).chain().end().kind()).isEqualTo(WalEnd.Kind.SWITCH_PADDING);
        assertJoinedSayWhatOneReadingSays(wal.segments(), PostgresVersion.V17);
    }

    @Test
    void aRecordLostInACrashIsNoBreak() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        wal.commit(700, 1);
        wal.lostRecord(2);
        wal.message(1_031_500);
        Lsn lost = wal.lostRecord(3);
        wal.commit(701, 4);
        assertThat(MadeWal.SIZE.segmentNumber(lost)).isEqualTo(FIRST.number());
        List<SegmentSummary> summaries = summaries(wal.segments(), PostgresVersion.V17);
        assertThat(summaries).hasSize(2);
        assertThat(summaries.get(0).chain().end().kind()).isEqualTo(WalEnd.Kind.CONTINUATION_AWAITED);
        assertThat(summaries.get(1).chain().head().kind()).isEqualTo(RecordChain.Head.Kind.OVERWRITTEN);
        StretchSummary both =
                summaries.get(0).stretch().followedBy(summaries.get(1).stretch());
        assertThat(both.chain().brokenAt()).isEmpty();
        assertThat(both.count(Occurrence.OVERWRITTEN_RECORD)).isEqualTo(2);
        assertThat(both.stops().count()).isEqualTo(2);
        assertJoinedSayWhatOneReadingSays(wal.segments(), PostgresVersion.V17);
    }

    /** The crash came while a later page of the record was being written, in the next segment or in one behind it. */
    @ParameterizedTest
    @ValueSource(ints = {8_000, 500_000, SEGMENT_PAYLOAD, SEGMENT_PAYLOAD + 8_000})
    void aRecordLostBehindTheFirstPageOfASegmentIsNoBreak(int bytesBehindTheFirstSegment) {
        WalWriter wal = new WalWriter(PostgresVersion.V17);
        wal.append(10, 0, 7, new byte[(1 << 20) - 5000]);
        wal.appendOverwriting(wal.appendCut(2_500_000, 1880 + bytesBehindTheFirstSegment));
        byte[] bytes = wal.toBytes();

        List<SegmentSummary> summaries = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += WalWriter.SIZE.bytes()) {
            WalSegment segment = WalSegment.containing(TimelineId.FIRST, WalWriter.START.plus(at), WalWriter.SIZE);
            summaries.add(
                    summary(segment, Arrays.copyOfRange(bytes, at, at + WalWriter.SIZE.bytes()), PostgresVersion.V17));
        }

        assertThat(summaries)
                .last()
                .extracting(last -> last.chain().head().kind())
                .isEqualTo(RecordChain.Head.Kind.OVERWRITTEN);
        StretchSummary all = summaries.stream()
                .map(SegmentSummary::stretch)
                .reduce(StretchSummary::followedBy)
                .orElseThrow();
        assertThat(all.chain().brokenAt()).isEmpty();
        assertThat(all.chain().tail()).isEmpty();
        assertThat(all.count(Occurrence.OVERWRITTEN_RECORD)).isOne();
        assertThat(summaries
                        .get(summaries.size() - 1)
                        .joinedTo(summaries.get(summaries.size() - 2))
                        .chain()
                        .brokenAt())
                .isEmpty();
    }

    @Test
    void recordsOfExtensionsArePassedOverFromVersion15On() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        wal.custom(200);
        wal.commit(700, 1);
        assertThat(summary(FIRST, wal.segments().get(FIRST), PostgresVersion.V17)
                        .stops()
                        .count())
                .isOne();
    }

    @Test
    void massChangesAreToldByTransactionAndRelation() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        for (int i = 0; i < 40; i++) {
            wal.insert(700, 16_400);
            wal.insert(701 + i, 16_500);
        }
        assertThat(summary(FIRST, wal.segments().get(FIRST), PostgresVersion.V17)
                        .changes())
                .containsExactly(new RelationChanges(700, new RelationFile(1663, 5, 16_400), new RowCounts(40, 0, 0)));
    }

    @Test
    void refusesToFoldWhatDoesNotFollow() {
        MadeWal wal = new MadeWal(PostgresVersion.V17, FIRST);
        wal.commit(700, 1);
        SegmentSummary summary = summary(FIRST, wal.segments().get(FIRST), PostgresVersion.V17);
        assertThatThrownBy(() -> summary.joinedTo(summary))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Cannot join: 000000010000000000000003 doesn't follow 000000010000000000000003");
        assertThatThrownBy(() -> summary.stretch().followedBy(summary.stretch()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

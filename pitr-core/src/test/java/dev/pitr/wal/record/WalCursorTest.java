package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalCursorTest {
    private static final int PAGE = 8192;
    private static final int HEAP = 10;

    private final WalWriter wal = new WalWriter(PostgresVersion.V17);

    private static WalCursor cursor() {
        return WalCursor.builder(WalWriter.SIZE).from(WalWriter.START).build();
    }

    private static List<Lsn> starts(WalCursor cursor) {
        List<Lsn> starts = new ArrayList<>();
        while (cursor.next()) {
            starts.add(new Lsn(cursor.record().startLsn()));
        }
        return starts;
    }

    private static List<Lsn> starts(WalCursor cursor, byte[] bytes) {
        cursor.feed(bytes, 0, bytes.length);
        return starts(cursor);
    }

    @Test
    void endsAtZeroBytesWhereARecordWouldBegin() {
        Lsn first = wal.append(HEAP, 0, 7, new byte[20]);
        Lsn second = wal.append(HEAP, 0, 7, new byte[300]);
        WalCursor cursor = cursor();

        assertThat(starts(cursor, wal.zeroPages(0).toBytes())).containsExactly(first, second);
        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.ZERO_TAIL);
        assertThat(cursor.end().lsn()).isEqualTo(new Lsn(cursor.record().endLsn()));
        assertThat(cursor.end().kind().isFaultInCompleteSegment()).isTrue();
    }

    @Test
    void endsAtZeroPage() {
        fillPageExactly();
        WalCursor cursor = cursor();

        starts(cursor, wal.zeroPages(1).toBytes());

        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.ZERO_TAIL);
        assertThat(cursor.end().lsn()).isEqualTo(WalWriter.START.plus(PAGE));
    }

    private void fillPageExactly() {
        wal.append(HEAP, 0, 7, new byte[PAGE - 40 - 29]);
    }

    @Test
    void awaitsMoreAfterTheLastPage() {
        fillPageExactly();
        WalCursor cursor = cursor();

        starts(cursor, wal.toBytes());

        assertThat(cursor.end())
                .isEqualTo(new WalEnd(WalEnd.Kind.PAGES_READ, WalWriter.START.plus(PAGE), "all pages are read"));
        assertThat(cursor.record().endLsn())
                .isEqualTo(WalWriter.START.plus(PAGE).value());
    }

    @Test
    void readsRecordsOverPagesAndSegmentsHoweverTheyAreFed() {
        List<Lsn> expected = new ArrayList<>();
        for (int size = 0; size < 300_000; size = size * 3 / 2 + 11) {
            expected.add(wal.append(HEAP, 0, size, new byte[size]));
        }
        for (int i = 0; i < 500; i++) {
            expected.add(wal.append(HEAP, 0, i, new byte[i]));
        }
        byte[] bytes = wal.toBytes();

        assertThat(starts(cursor(), bytes)).isEqualTo(expected);
        WalCursor byPage = cursor();
        List<Lsn> starts = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += PAGE) {
            byPage.feed(bytes, at, PAGE);
            starts.addAll(starts(byPage));
        }
        assertThat(starts).isEqualTo(expected);
    }

    @Test
    void skipsThePaddingAfterASegmentSwitch() {
        Lsn first = wal.append(HEAP, 0, 7, new byte[20]);
        Lsn change = wal.appendSwitch();
        WalCursor cursor = cursor();

        assertThat(starts(cursor, wal.toBytes())).containsExactly(first, change);
        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.SWITCH_PADDING);
        assertThat(cursor.end().kind().isFaultInCompleteSegment()).isFalse();
        assertThat(cursor.record().endLsn()).isEqualTo(6L << 20);

        WalWriter more = new WalWriter(PostgresVersion.V17);
        more.append(HEAP, 0, 7, new byte[20]);
        more.appendSwitch();
        Lsn next = more.append(HEAP, 0, 8, new byte[20]);
        assertThat(starts(cursor(), more.toBytes())).hasSize(3).endsWith(next);
    }

    @Test
    void doesNotSkipAPageAfterASwitchThatEndsItsSegment() {
        byte[] filling = new byte[(1 << 20) - 127 * 24 - 40 - 29 - 24];
        wal.append(HEAP, 0, 7, filling);
        wal.appendSwitch();
        Lsn last = wal.append(HEAP, 0, 8, new byte[20]);

        assertThat(starts(cursor(), wal.toBytes())).hasSize(3).endsWith(last);
    }

    @Test
    void findsAFlippedBit() {
        Lsn first = wal.append(HEAP, 0, 7, new byte[20]);
        Lsn second = wal.append(HEAP, 0, 7, new byte[20]);
        byte[] bytes = wal.toBytes();
        int at = (int) second.bytesSince(WalWriter.START) + 30;
        bytes[at] ^= 4;
        WalCursor cursor = cursor();

        assertThat(starts(cursor, bytes)).containsExactly(first);
        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.INVALID);
        assertThat(cursor.end().lsn()).isEqualTo(second);
        assertThat(cursor.end().reason()).startsWith("checksum ");
    }

    @Test
    void findsABrokenLinkToTheRecordBefore() {
        wal.append(HEAP, 0, 7, new byte[20]);
        Lsn second = wal.append(HEAP, 0, 7, new byte[20]);
        byte[] bytes = wal.toBytes();
        int at = (int) second.bytesSince(WalWriter.START);
        bytes[at + 8] ^= 8;
        WalWriter.seal(bytes, at, 46);
        WalCursor cursor = cursor();

        assertThat(starts(cursor, bytes)).hasSize(1);
        assertThat(cursor.end().reason()).startsWith("the record links back to 0/5000");
    }

    @Test
    void tellsARecycledPageFromDamage() {
        fillPageExactly();
        byte[] bytes = Arrays.copyOf(wal.toBytes(), 2 * PAGE);
        byte[] old = new WalWriter(PostgresVersion.V17).toBytes();
        System.arraycopy(old, 0, bytes, PAGE, PAGE);
        // As of a later page, the header is short.
        bytes[PAGE + 2] = 0;
        WalCursor cursor = cursor();

        starts(cursor, bytes);

        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.RECYCLED_PAGE);
        bytes[PAGE + 15] = 1;
        WalCursor second = cursor();
        starts(second, bytes);
        assertThat(second.end().kind()).isEqualTo(WalEnd.Kind.INVALID);
    }

    @Test
    void tellsARecordThatWasCutShort() {
        Lsn first = wal.append(HEAP, 0, 7, new byte[20]);
        Lsn cut = wal.appendCut(20_000, 9_000);
        WalCursor cursor = cursor();

        assertThat(starts(cursor, wal.zeroPages(1).toBytes())).containsExactly(first);
        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.TORN_RECORD);
        assertThat(cursor.end().lsn()).isEqualTo(cut);
    }

    @Test
    void dropsARecordThatACrashLeftUnfinished() {
        Lsn first = wal.append(HEAP, 0, 7, new byte[20]);
        Lsn lost = wal.appendCut(20_000, 9_000);
        Lsn overwriting = wal.appendOverwriting(lost);
        Lsn next = wal.append(HEAP, 0, 8, new byte[20]);
        WalCursor cursor = cursor();

        assertThat(starts(cursor, wal.toBytes())).containsExactly(first, overwriting, next);
        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.ZERO_TAIL);
    }

    @Test
    void findsAnOverwritingRecordThatStandsForAnother() {
        wal.append(HEAP, 0, 7, new byte[20]);
        Lsn lost = wal.appendCut(20_000, 9_000);
        wal.appendOverwriting(lost.plus(8));
        WalCursor cursor = cursor();

        assertThat(starts(cursor, wal.toBytes())).hasSize(1);
        assertThat(cursor.end().kind()).isEqualTo(WalEnd.Kind.INVALID);
        assertThat(cursor.end().reason()).isEqualTo("the record doesn't stand for the lost one at " + lost);
    }

    @Test
    void beginsAtARecord() {
        wal.append(HEAP, 0, 7, new byte[20]);
        Lsn second = wal.append(HEAP, 0, 7, new byte[20_000]);
        Lsn third = wal.append(HEAP, 0, 7, new byte[20]);
        byte[] bytes = wal.toBytes();

        WalCursor atSecond = WalCursor.builder(WalWriter.SIZE).from(second).build();
        assertThat(starts(atSecond, bytes)).containsExactly(second, third);
        WalCursor atThird = WalCursor.builder(WalWriter.SIZE).from(third).build();
        int page = 2 * PAGE;
        atThird.feed(bytes, page, bytes.length - page);
        assertThat(starts(atThird)).containsExactly(third);
        assertThat(atThird.head()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16, 24, 32, 4096, 8000})
    void resumesInTheMiddleOfARecordWhereverItIsCut(int inFirstSegment) {
        int filling = (1 << 20) - 127 * 24 - 40 - 29 - inFirstSegment;
        Lsn first = wal.append(HEAP, 0, 7, new byte[filling]);
        Lsn second = wal.append(HEAP, 0, 8, new byte[30_000]);
        Lsn third = wal.append(HEAP, 0, 9, new byte[20]);
        byte[] bytes = wal.toBytes();
        WalCursor before = cursor();
        before.feed(bytes, 0, 1 << 20);
        assertThat(starts(before)).containsExactly(first);
        assertThat(before.end().kind()).isEqualTo(WalEnd.Kind.CONTINUATION_AWAITED);
        WalTail tail = before.tail(1 << 20).orElseThrow();
        assertThat(tail.receivedBytes()).isEqualTo(inFirstSegment);
        assertThat(tail.lastRecord()).isEqualTo(first);

        WalCursor after = WalCursor.builder(WalWriter.SIZE).resume(tail).build();
        after.feed(bytes, 1 << 20, bytes.length - (1 << 20));
        assertThat(starts(after)).containsExactly(second, third);

        assertJoins(bytes, tail, second, third);
    }

    private static void assertJoins(byte[] bytes, WalTail tail, Lsn second, Lsn third) {
        WalCursor middle = WalCursor.builder(WalWriter.SIZE)
                .from(WalWriter.START.plus(1 << 20))
                .maxHeadBytes(1 << 20)
                .build();
        middle.feed(bytes, 1 << 20, bytes.length - (1 << 20));
        assertThat(starts(middle)).containsExactly(third);
        WalHead head = middle.head().orElseThrow();
        assertThat(head.kind()).isEqualTo(WalHead.Kind.CONTINUATION);
        assertThat(head.isComplete()).isTrue();

        WalCursor joined = WalCursor.builder(WalWriter.SIZE).resume(tail).build();
        joined.feed(head);
        assertThat(starts(joined)).containsExactly(second);
        assertThat(joined.record().endLsn())
                .isEqualTo(third.value())
                .isEqualTo(head.end().value());
        assertThat(joined.record().retainedLength()).isEqualTo(30_029);
    }

    @Test
    void joinsARecordOfWhichOnlyTheFirstBytesWereKept() {
        wal.append(HEAP, 0, 7, new byte[(1 << 20) - 5000]);
        Lsn second = wal.append(1, 0, 8, new byte[1_200_000]);
        wal.append(HEAP, 0, 9, new byte[20]);
        byte[] bytes = wal.toBytes();
        WalCursor first = cursor();
        first.feed(bytes, 0, 1 << 20);
        starts(first);
        WalCursor cursor = WalCursor.builder(WalWriter.SIZE)
                .resume(first.tail(1024).orElseThrow())
                .build();

        for (int at = 1 << 20; at < bytes.length; at += 1 << 20) {
            WalCursor middle = WalCursor.builder(WalWriter.SIZE)
                    .from(WalWriter.START.plus(at))
                    .maxHeadBytes(1024)
                    .build();
            middle.feed(bytes, at, Math.min(1 << 20, bytes.length - at));
            starts(middle);
            cursor.feed(middle.head().orElseThrow());
            assertThat(starts(cursor)).isEqualTo(at == 1 << 20 ? List.of() : List.of(second));
        }
        assertThat(cursor.record().length()).isEqualTo(1_200_029);
        assertThat(cursor.record().retainedLength()).isEqualTo(1024);
        assertThat(cursor.record().event()).isPresent();
    }

    @Test
    void dropsATailWhoseRestWasOverwritten() {
        wal.append(HEAP, 0, 7, new byte[(1 << 20) - 5000]);
        Lsn lost = wal.appendCut(20_000, 1880);
        Lsn overwriting = wal.appendOverwriting(lost);
        byte[] bytes = wal.toBytes();
        WalCursor first = cursor();
        first.feed(bytes, 0, 1 << 20);
        starts(first);
        WalTail tail = first.tail(1024).orElseThrow();
        assertThat(tail.recordStart()).isEqualTo(lost);
        WalCursor second =
                WalCursor.builder(WalWriter.SIZE).from(new Lsn(6L << 20)).build();
        second.feed(bytes, 1 << 20, bytes.length - (1 << 20));

        assertThat(starts(second)).containsExactly(overwriting);
        assertThat(second.head().orElseThrow().kind()).isEqualTo(WalHead.Kind.OVERWRITTEN);
        WalCursor joined = WalCursor.builder(WalWriter.SIZE).resume(tail).build();
        joined.feed(second.head().orElseThrow());
        assertThat(starts(joined)).isEmpty();
        assertThat(joined.end().kind()).isEqualTo(WalEnd.Kind.PAGES_READ);
    }

    @Test
    void tellsThatARestWasOverwrittenInALaterPage() {
        wal.append(HEAP, 0, 7, new byte[(1 << 20) - 5000]);
        Lsn lost = wal.appendCut(30_000, 1880 + 8000);
        Lsn overwriting = wal.appendOverwriting(lost);
        byte[] bytes = wal.toBytes();
        WalCursor second =
                WalCursor.builder(WalWriter.SIZE).from(new Lsn(6L << 20)).build();
        second.feed(bytes, 1 << 20, bytes.length - (1 << 20));

        assertThat(starts(second)).containsExactly(overwriting);
        assertThat(second.head().orElseThrow().kind()).isEqualTo(WalHead.Kind.OVERWRITTEN);
    }

    @Test
    void checksRecordsThatAreLongerThanItsLimit() {
        Lsn first = wal.append(HEAP, 0, 7, new byte[300_000]);
        byte[] bytes = wal.toBytes();
        WalCursor cursor = WalCursor.builder(WalWriter.SIZE)
                .from(WalWriter.START)
                .maxRecordBytes(8192)
                .build();

        assertThat(starts(cursor, bytes)).containsExactly(first);
        assertThat(cursor.record().length()).isEqualTo(300_029);
        assertThat(cursor.record().retainedLength()).isEqualTo(8192);
        assertThat(cursor.record().mainDataAtHand()).isEqualTo(8192 - 29);
        bytes[200_000] ^= 1;
        WalCursor damaged = WalCursor.builder(WalWriter.SIZE)
                .from(WalWriter.START)
                .maxRecordBytes(8192)
                .build();
        assertThat(starts(damaged, bytes)).isEmpty();
        assertThat(damaged.end().kind()).isEqualTo(WalEnd.Kind.INVALID);
    }

    @Test
    void refusesPagesOfAnotherClusterVersionOrTimeline() {
        byte[] bytes = wal.timeline(3).toBytes();
        bytes[4] = 3;

        assertThat(endOf(WalCursor.builder(WalWriter.SIZE).systemIdentifier(5), bytes)
                        .reason())
                .isEqualTo(
                        "page of the cluster with system identifier " + WalWriter.SYSTEM_IDENTIFIER + ", expected 5");
        assertThat(endOf(WalCursor.builder(WalWriter.SIZE).version(PostgresVersion.V16), bytes)
                        .reason())
                .isEqualTo("page magic D116, expected that of PostgreSQL 16");
        assertThat(endOf(WalCursor.builder(WalWriter.SIZE).timeline(new TimelineId(2)), bytes)
                        .reason())
                .isEqualTo("page of timeline 3, expected 1 to 2");
        assertThat(endOf(WalCursor.builder(WalWriter.SIZE).timeline(new TimelineId(3)), bytes)
                        .kind())
                .isEqualTo(WalEnd.Kind.ZERO_TAIL);
    }

    private static WalEnd endOf(WalCursorBuilder options, byte[] bytes) {
        WalCursor cursor = options.from(WalWriter.START).build();
        assertThat(starts(cursor, bytes)).isEmpty();
        return cursor.end();
    }

    @Test
    void refusesPagesBeforeTheOnesFedAreReadUp() {
        wal.append(HEAP, 0, 7, new byte[20]);
        byte[] bytes = wal.toBytes();
        WalCursor cursor = cursor();
        cursor.feed(bytes, 0, bytes.length);

        assertThatThrownBy(() -> cursor.feed(bytes, 0, bytes.length)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> cursor.feed(bytes, 0, 100)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void needsOneStart() {
        assertThatThrownBy(() -> WalCursor.builder(WalWriter.SIZE).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Set either from(lsn) or resume(tail)");
        assertThatThrownBy(() ->
                        WalCursor.builder(WalWriter.SIZE).from(new Lsn(12)).build())
                .hasMessage("No record begins at 0/C: expected a multiple of 8 bytes");
        assertThatThrownBy(() -> WalCursor.builder(WalWriter.SIZE).maxRecordBytes(8191))
                .hasMessage("maxRecordBytes 8191 is out of range: expected 8192 to 1069547520");
        assertThatThrownBy(
                        () -> WalCursor.builder(WalWriter.SIZE).from(new Lsn(8)).from(new Lsn(8)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("from is set twice");
    }
}

package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a segment's summary from its bytes as they stream by. Used by one thread, for one segment.
 *
 * <p>Never fails on damaged bytes: the summary's {@link RecordChain#end()} tells where records end and why. Memory is
 * bounded whatever the segment holds.
 */
public final class SegmentScan {
    private static final int PAGE_BYTES = WalPageHeader.PAGE_BYTES;

    /** Of longer records only the start is looked at; of longer parts that straddle a boundary, only the start is kept. */
    private static final int MAX_RECORD_BYTES = 4 << 20;

    private static final int MAX_CHANGES = 32;

    /** A transaction that changes fewer rows of a relation is no mass change. */
    private static final int MIN_CHANGED_ROWS = 16;

    private final WalSegment segment;
    private final PostgresVersion version;
    private final WalCursor cursor;
    private final ChangeTable changes = new ChangeTable();
    private final SummaryTally tally = new SummaryTally(changes);
    private final byte[] page = new byte[PAGE_BYTES];
    private int inPage;
    private RecordChain.@Nullable Link first;
    private long lastStart;
    private long lastEnd;

    private SegmentScan(WalSegment segment, PostgresVersion version) {
        this.segment = segment;
        this.version = version;
        cursor = WalCursor.builder(segment.size())
                .from(segment.start())
                .version(version)
                .timeline(segment.timeline())
                .maxRecordBytes(MAX_RECORD_BYTES)
                .maxHeadBytes(MAX_RECORD_BYTES)
                .build();
    }

    /**
     * Starts a scan.
     *
     * @param segment whose bytes will come; pages of later timelines, or of other positions, end its records
     * @param version the version that wrote it; pages of others end its records too
     * @return the scan
     */
    public static SegmentScan of(WalSegment segment, PostgresVersion version) {
        return new SegmentScan(segment, version);
    }

    /**
     * Takes the next bytes of the segment.
     *
     * @param bytes where they are; not kept
     * @param offset the first of them
     * @param length how many, 0 or more
     * @return this
     */
    public SegmentScan feed(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        if (inPage > 0) {
            int count = Math.min(PAGE_BYTES - inPage, length);
            System.arraycopy(bytes, at, page, inPage, count);
            inPage += count;
            at += count;
            if (inPage < PAGE_BYTES) {
                return this;
            }
            read(page, 0, PAGE_BYTES);
            inPage = 0;
        }
        int whole = (end - at) / PAGE_BYTES * PAGE_BYTES;
        read(bytes, at, whole);
        inPage = end - at - whole;
        System.arraycopy(bytes, at + whole, page, 0, inPage);
        return this;
    }

    private void read(byte[] pages, int offset, int length) {
        cursor.feed(pages, offset, length);
        WalRecord record = cursor.record();
        while (cursor.next()) {
            if (first == null) {
                first = new RecordChain.Link(new Lsn(record.startLsn()), new Lsn(record.previousLsn()));
            }
            lastStart = record.startLsn();
            lastEnd = record.endLsn();
            tally.add(record);
        }
    }

    /**
     * Ends the scan. A file may be shorter than a segment.
     *
     * @return the summary of what was fed
     */
    public SegmentSummary finish() {
        if (inPage > 0) {
            Arrays.fill(page, inPage, PAGE_BYTES, (byte) 0);
            inPage = 0;
            read(page, 0, PAGE_BYTES);
        }
        StretchSummary.Builder stretch = StretchSummary.builder(segment, segment, chain());
        tally.addTo(stretch);
        SegmentSummary.Builder summary = SegmentSummary.builder(stretch.build());
        tally.addTo(summary, List.of());
        summary.changes(changes.greatest(MAX_CHANGES, MIN_CHANGED_ROWS));
        if (changes.isCut() || changes.count(MIN_CHANGED_ROWS) > MAX_CHANGES) {
            summary.cut(SegmentSummary.Part.CHANGES);
        }
        return summary.build();
    }

    private RecordChain chain() {
        RecordChain.Head head = head();
        WalEnd end = cursor.end();
        if (first == null && end.kind() == WalEnd.Kind.ZERO_TAIL && head.isEndOfSwitch()) {
            Lsn next = new Lsn(segment.start().value() + segment.size().bytes());
            head = head.endingAt(next);
            end = new WalEnd(WalEnd.Kind.SWITCH_PADDING, next, "a switch to the segment at that position");
        }
        RecordChain.Builder chain = RecordChain.builder(version, head, end);
        if (first != null) {
            chain.records(first, new RecordChain.Span(new Lsn(lastStart), new Lsn(lastEnd)));
        }
        cursor.tail(MAX_RECORD_BYTES)
                .filter(WalTail::isUnfinished)
                .ifPresent(tail -> chain.tail(new RecordChain.Tail(
                        tail.recordStart(), RecordFragment.of(tail.bytes(), tail.receivedBytes()))));
        return chain.build();
    }

    private RecordChain.Head head() {
        return cursor.head()
                .map(SegmentScan::head)
                .orElseGet(() -> new RecordChain.Head(
                        RecordChain.Head.Kind.RECORD, segment.start(), 0, RecordFragment.EMPTY, segment.start()));
    }

    /** Of a record that was lost, what had come of it by then is no use: that it was lost may show on a later page. */
    private static RecordChain.Head head(WalHead head) {
        boolean isLost = head.kind() == WalHead.Kind.OVERWRITTEN;
        return new RecordChain.Head(
                RecordChain.Head.Kind.valueOf(head.kind().name()),
                head.page(),
                isLost ? 0 : head.lengthBytes(),
                isLost ? RecordFragment.EMPTY : RecordFragment.of(head.bytes(), head.receivedBytes()),
                head.end());
    }
}

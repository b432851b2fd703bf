package dev.pitr.wal.record;

import static dev.pitr.wal.record.LittleEndian.i32;
import static dev.pitr.wal.record.LittleEndian.i64;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalPageHeader;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Finds the records in pages: {@code XLogDecodeNextRecord} in PostgreSQL's {@code xlogreader.c}. The works of a cursor. */
final class RecordReader {
    private static final int PAGE_BYTES = WalPageHeader.PAGE_BYTES;

    private final PageCheck pages;
    private final RecordAssembly assembly;
    private final HeadBytes head;
    private final WalRecord record = new WalRecord();
    private final CRC32C crc = new CRC32C();

    // What was fed and not yet entered.
    private byte[] fed = {};
    private int fedAt;
    private int fedEnd;
    private long nextPage;

    // The page being read. Where the next record begins in it, PAGE_BYTES if read up.
    private byte[] page = {};
    private int pageAt;
    private long pageLsn;
    private int position = PAGE_BYTES;

    private int firstPosition;
    private boolean isFirstPage = true;
    private boolean isResumed;
    private boolean isAssembling;
    private boolean isHeaderChecked;
    private boolean isPadding;
    private long lastRecord;
    private long lostRecord;
    private @Nullable WalEnd fault;
    private @Nullable WalHead rest;
    private long switchedTo;

    RecordReader(WalCursorBuilder options) {
        pages = new PageCheck(
                options.segmentSize,
                options.version,
                options.systemIdentifier,
                options.timeline == null ? 0xFFFF_FFFFL : options.timeline.value());
        assembly = new RecordAssembly(options.recordLimit());
        head = new HeadBytes(options.headLimit());
        if (options.tail != null) {
            resume(options.tail);
        } else if (options.start != null) {
            long start = options.start.value();
            firstPosition = (int) (start & (PAGE_BYTES - 1));
            nextPage = start - firstPosition;
        }
    }

    private void resume(WalTail tail) {
        nextPage = tail.page().value();
        lastRecord = tail.lastRecord().value();
        isResumed = true;
        if (tail.isUnfinished()) {
            byte[] begun = tail.bytes();
            int total = i32(begun, RecordHeader.LENGTH);
            if (!RecordHeader.isLength(total) || total <= tail.receivedBytes()) {
                end(Ends.invalid(tail.recordStart().value(), "record length " + total));
                return;
            }
            isAssembling = true;
            isHeaderChecked = false;
            assembly.begin(tail.recordStart().value(), total);
            assembly.append(begun, 0, begun.length);
            assembly.skip((int) tail.receivedBytes() - begun.length);
        }
    }

    boolean isReadUp() {
        return fedAt == fedEnd && position == PAGE_BYTES && rest == null;
    }

    boolean hasEnded() {
        return fault != null;
    }

    long nextPage() {
        return nextPage;
    }

    void feed(byte[] from, int at, int count) {
        fed = from;
        fedAt = at;
        fedEnd = at + count;
    }

    void feed(WalHead head) {
        rest = head;
    }

    boolean next() {
        do {
            if (position < PAGE_BYTES ? readInPage() : readNextPage()) {
                return true;
            }
        } while (fault == null && (position < PAGE_BYTES || fedAt < fedEnd));
        return false;
    }

    private boolean readNextPage() {
        if (rest != null) {
            return readRest(rest);
        }
        if (fault != null || fedAt == fedEnd) {
            return false;
        }
        page = fed;
        pageAt = fedAt;
        pageLsn = nextPage;
        fedAt += PAGE_BYTES;
        nextPage += PAGE_BYTES;
        if (isPadding && !pages.isSegmentStart(pageLsn)) {
            return false;
        }
        isPadding = false;
        String wrong = pages.read(page, pageAt, pageLsn);
        if (wrong != null) {
            boolean isInRecord = isAssembling || head.missing() > 0;
            long unfinished = isAssembling ? assembly.start() : pageLsn;
            return end(
                    isInRecord
                            ? Ends.inRecord(unfinished, page, pageAt, pageLsn, wrong)
                            : Ends.atPage(page, pageAt, pageLsn, wrong));
        }
        return enterPage(pages.headerBytes(pageLsn));
    }

    private boolean enterPage(int headerBytes) {
        boolean isFirst = isFirstPage;
        if (isFirst) {
            isFirstPage = false;
            record.use(Objects.requireNonNull(pages.version()));
        }
        if (isAssembling) {
            return continueRecord(headerBytes);
        }
        if (isFirst && !isResumed) {
            return enterFirstPage(headerBytes);
        }
        if (head.missing() > 0) {
            return continueHead(headerBytes);
        }
        if (pages.isContinuation()) {
            return end(Ends.invalid(pageLsn, "the page continues a record that has ended before"));
        }
        position = headerBytes;
        return false;
    }

    private boolean enterFirstPage(int headerBytes) {
        PostgresVersion version = record.version();
        if (firstPosition >= headerBytes) {
            position = firstPosition;
            return false;
        }
        if (!pages.isContinuation() || pages.isOverwritten()) {
            head.none(
                    version,
                    pageLsn,
                    pages.isOverwritten() ? WalHead.Kind.OVERWRITTEN : WalHead.Kind.RECORD,
                    headerBytes);
            position = headerBytes;
            return false;
        }
        long remaining = Integer.toUnsignedLong(pages.remaining());
        if (remaining == 0 || remaining > RecordHeader.MAX_BYTES) {
            return end(Ends.invalid(pageLsn, "the page continues a record by " + remaining + " bytes"));
        }
        head.begin(version, pageLsn, (int) remaining);
        return continueHead(headerBytes);
    }

    private boolean continueHead(int headerBytes) {
        if (pages.isOverwritten()) {
            head.overwritten();
            position = headerBytes;
            return false;
        }
        if (!pages.isContinuation() || pages.remaining() != head.missing()) {
            return end(Ends.torn(
                    pageLsn,
                    "the record from before goes on for " + head.missing() + " bytes, the page continues one by "
                            + (pages.isContinuation() ? pages.remaining() : 0)));
        }
        int count = Math.min(head.missing(), PAGE_BYTES - headerBytes);
        position = headerBytes + (int) RecordHeader.aligned(count);
        head.append(page, pageAt + headerBytes, count, pageLsn + position);
        return false;
    }

    private boolean continueRecord(int headerBytes) {
        if (pages.isOverwritten()) {
            isAssembling = false;
            lostRecord = assembly.start();
            position = headerBytes;
            return false;
        }
        if (!pages.isContinuation()) {
            return end(Ends.torn(assembly.start(), "the page at " + new Lsn(pageLsn) + " begins another record"));
        }
        if (pages.remaining() != assembly.missing()) {
            long found = Integer.toUnsignedLong(pages.remaining());
            return end(Ends.otherRest(assembly.start(), pageLsn, found, assembly.missing()));
        }
        int count = Math.min(assembly.missing(), PAGE_BYTES - headerBytes);
        assembly.append(page, pageAt + headerBytes, count);
        position = headerBytes + (int) RecordHeader.aligned(count);
        return isAssembled() && deliverAssembled(pageLsn + position);
    }

    private boolean readRest(WalHead from) {
        rest = null;
        nextPage = from.end().value();
        isFirstPage = false;
        record.use(from.version());
        if (!pages.isOf(from.version())) {
            return end(Ends.invalid(from.page().value(), "the rest was written by PostgreSQL " + from.version()));
        }
        if (from.kind() == WalHead.Kind.OVERWRITTEN) {
            isAssembling = false;
            return false;
        }
        if ((from.kind() == WalHead.Kind.CONTINUATION) != isAssembling) {
            return end(Ends.torn(from.page().value(), "another record begins there"));
        }
        if (isAssembling && from.lengthBytes() != assembly.missing()) {
            return end(Ends.otherRest(assembly.start(), from.page().value(), from.lengthBytes(), assembly.missing()));
        }
        return isAssembling && join(from);
    }

    private boolean join(WalHead from) {
        byte[] more = from.bytes();
        assembly.append(more, 0, more.length);
        assembly.skip((int) from.receivedBytes() - more.length);
        return isAssembled() && deliverAssembled(from.end().value());
    }

    private boolean deliverAssembled(long end) {
        return deliver(assembly.bytes(), 0, assembly.start(), end, assembly.length(), assembly.retained());
    }

    private boolean isAssembled() {
        if (!isHeaderChecked && assembly.hasHeader()) {
            isHeaderChecked = true;
            if (!isHeaderValid(assembly.bytes(), 0, assembly.start())) {
                return false;
            }
        }
        if (assembly.missing() > 0) {
            return false;
        }
        isAssembling = false;
        if (!assembly.hasHeader()) {
            return end(Ends.invalid(assembly.start(), "too few of its bytes were kept to tell what it is"));
        }
        int expected = i32(assembly.bytes(), RecordHeader.CRC);
        return !assembly.isChecked() || isChecksum(expected, assembly.checksum(), assembly.start());
    }

    private boolean readInPage() {
        int at = pageAt + position;
        int left = PAGE_BYTES - position;
        long start = pageLsn + position;
        int total = i32(page, at);
        if (!RecordHeader.isLength(total)) {
            return end(Ends.atLength(page, pageAt, at, start, total));
        }
        if (left >= RecordHeader.BYTES && !isHeaderValid(page, at, start)) {
            return false;
        }
        if (total > left) {
            assembly.begin(start, total);
            assembly.append(page, at, left);
            isAssembling = true;
            isHeaderChecked = left >= RecordHeader.BYTES;
            position = PAGE_BYTES;
            return false;
        }
        crc.reset();
        crc.update(page, at + RecordHeader.BYTES, total - RecordHeader.BYTES);
        crc.update(page, at, RecordHeader.CRC);
        position += (int) RecordHeader.aligned(total);
        return isChecksum(i32(page, at + RecordHeader.CRC), (int) crc.getValue(), start)
                && deliver(page, at, start, start + RecordHeader.aligned(total), total, total);
    }

    private boolean isHeaderValid(byte[] from, int at, long start) {
        String wrong = RecordHeader.fault(from, at, start, lastRecord, record.version());
        return wrong == null || end(Ends.invalid(start, wrong));
    }

    private boolean isChecksum(int expected, int actual, long start) {
        return expected == actual
                || end(Ends.invalid(start, String.format("checksum %08X, expected %08X", actual, expected)));
    }

    private boolean deliver(byte[] from, int at, long start, long end, int total, int kept) {
        if (!record.set(from, at, total, kept)) {
            return end(Ends.invalid(start, "the record's parts don't add up to its length"));
        }
        record.place(start, end);
        lastRecord = start;
        if (record.resourceManager() == ResourceManagers.XLOG
                && (record.info() & XlogEvents.MASK) == XlogEvents.SWITCH) {
            followSwitch(end);
        }
        return lostRecord == 0 || isOverwriting();
    }

    private void followSwitch(long end) {
        switchedTo = pages.isSegmentStart(end) ? end : pages.nextSegment(end);
        record.place(record.startLsn(), switchedTo);
        isPadding = switchedTo != nextPage;
        position = PAGE_BYTES;
    }

    private boolean isOverwriting() {
        boolean is = record.resourceManager() == ResourceManagers.XLOG
                && (record.info() & XlogEvents.MASK) == XlogEvents.OVERWRITE_CONTRECORD
                && record.mainDataAtHand() >= Long.BYTES
                && i64(record.bytes(), record.mainDataOffset()) == lostRecord;
        long lost = lostRecord;
        lostRecord = 0;
        return is
                || end(Ends.invalid(
                        record.startLsn(), "the record doesn't stand for the lost one at " + new Lsn(lost)));
    }

    /** Ends for good. Returns false: there is no record. */
    private boolean end(WalEnd why) {
        fault = why;
        position = PAGE_BYTES;
        fedAt = fedEnd;
        return false;
    }

    WalRecord record() {
        return record;
    }

    @Nullable
    PostgresVersion version() {
        return pages.version();
    }

    long timeline() {
        return pages.timeline();
    }

    Optional<WalHead> head() {
        return head.value();
    }

    WalEnd end() {
        if (fault != null) {
            return fault;
        }
        if (isPadding) {
            return new WalEnd(
                    WalEnd.Kind.SWITCH_PADDING, new Lsn(switchedTo), "a switch to the segment at that position");
        }
        if (isAssembling || head.missing() > 0) {
            int missing = isAssembling ? assembly.missing() : head.missing();
            return new WalEnd(
                    WalEnd.Kind.CONTINUATION_AWAITED, new Lsn(nextPage), missing + " bytes of a record are to come");
        }
        return new WalEnd(WalEnd.Kind.PAGES_READ, new Lsn(nextPage), "all pages are read");
    }

    Optional<WalTail> tail(int maxBytes) {
        if (fault != null || head.missing() > 0) {
            return Optional.empty();
        }
        long nextLsn = isPadding ? switchedTo : nextPage;
        int kept = isAssembling ? Math.min(maxBytes, assembly.retained()) : 0;
        return Optional.of(new WalTail(
                new Lsn(nextLsn),
                new Lsn(lastRecord),
                new Lsn(isAssembling ? assembly.start() : 0),
                isAssembling ? assembly.received() : 0,
                Arrays.copyOf(assembly.bytes(), kept)));
    }
}

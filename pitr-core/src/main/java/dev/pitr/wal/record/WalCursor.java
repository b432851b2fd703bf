package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegmentSize;
import java.util.Optional;

/**
 * Moves through WAL from record to record, as pages are fed to it in the order of their positions.
 *
 * <pre>{@code
 * WalCursor cursor = WalCursor.builder(segment.size()).from(segment.start()).build();
 * for (int n; (n = readPages(buffer)) > 0; ) {
 *     cursor.feed(buffer, 0, n);
 *     while (cursor.next()) {
 *         cursor.record().event().ifPresent(...);
 *     }
 * }
 * WalEnd end = cursor.end();
 * }</pre>
 *
 * <p>Every record's checksum, link to the record before and layout is checked. Records inside one page are seen where they
 * lie, in the array that was fed; records over more pages, segments too, are put together in one buffer of bounded size.
 * Nothing is allocated for a record. Numbers are the server's, unsigned 32-bit ones in a {@code long}; positions are
 * unsigned 64-bit numbers.
 *
 * <p>Used by one thread.
 */
public final class WalCursor {
    private static final int PAGE_BYTES = WalPageHeader.PAGE_BYTES;
    private static final int MIN_TAIL_BYTES = 1024;

    private final RecordReader reader;

    WalCursor(WalCursorBuilder options) {
        reader = new RecordReader(options);
    }

    /**
     * Begins to describe a cursor.
     *
     * @param segmentSize the cluster's segment size
     * @return a builder
     */
    public static WalCursorBuilder builder(WalSegmentSize segmentSize) {
        return new WalCursorBuilder(segmentSize);
    }

    /**
     * Hands over the pages that follow. They must not change until {@link #next()} has returned false.
     *
     * @param from holds whole pages
     * @param at where the first begins in the array
     * @param count how many bytes, a multiple of 8192; fill a page that was cut short with zero bytes
     * @throws IllegalStateException if pages fed before were not read up
     */
    public void feed(byte[] from, int at, int count) {
        if (count % PAGE_BYTES != 0 || count < 0 || at < 0 || from.length - at < count) {
            throw new IllegalArgumentException(count + " bytes from " + at + " of " + from.length
                    + ": expected a multiple of " + PAGE_BYTES + " within the array");
        }
        if (!reader.hasEnded()) {
            requireReadUp();
            reader.feed(from, at, count);
        }
    }

    /**
     * Hands over the rest of a record that another cursor found at the start of its pages, in place of these pages. The
     * record becomes the next one if the rest is whole; nothing can be fed after it.
     *
     * @param rest what stands in the page at which this cursor goes on
     */
    public void feed(WalHead rest) {
        if (!reader.hasEnded()) {
            requireReadUp();
            if (rest.page().value() != reader.nextPage()) {
                throw new IllegalStateException(
                        "Cannot go on with the page at " + rest.page() + ": expected " + new Lsn(reader.nextPage()));
            }
            reader.feed(rest);
        }
    }

    private void requireReadUp() {
        if (!reader.isReadUp() || reader.nextPage() % PAGE_BYTES != 0) {
            throw new IllegalStateException(
                    "What was fed before is not read up: call next() until it returns false; nothing follows a rest");
        }
    }

    /**
     * Moves to the next complete record.
     *
     * @return false if the pages fed are read up, or reading has ended for good: see {@link #end()}
     */
    public boolean next() {
        return reader.next();
    }

    /**
     * Returns the record at which this cursor stands.
     *
     * @return always the same object, which shows each record in turn; valid while {@link #next()} returned true
     */
    public WalRecord record() {
        return reader.record();
    }

    /**
     * Returns the version that writes this WAL.
     *
     * @return empty before the first page, unless it was given
     */
    public Optional<PostgresVersion> version() {
        return Optional.ofNullable(reader.version());
    }

    /**
     * Returns the timeline of the page read last.
     *
     * @return empty before the first page
     */
    public Optional<TimelineId> timeline() {
        return reader.timeline() == 0 ? Optional.empty() : Optional.of(new TimelineId(reader.timeline()));
    }

    /**
     * Tells why there is no further record.
     *
     * @return to be asked once {@link #next()} has returned false
     */
    public WalEnd end() {
        return reader.end();
    }

    /**
     * Returns how the first page began.
     *
     * @return the rest of a record that began before, as far as kept; empty before the first page, and for a cursor that
     *     was told to begin at a record or to resume
     */
    public Optional<WalHead> head() {
        return reader.head();
    }

    /**
     * Returns what another cursor needs to go on after the pages fed.
     *
     * @param maxBytes how many bytes of an unfinished record to keep at most, at least 1024: enough for all that stands before a record's data
     * @return empty if reading has ended for good, or the pages lie in the middle of one record that began before them
     */
    public Optional<WalTail> tail(int maxBytes) {
        if (maxBytes < MIN_TAIL_BYTES) {
            throw new IllegalArgumentException("maxBytes " + maxBytes + " is too small: expected " + MIN_TAIL_BYTES);
        }
        return reader.tail(maxBytes);
    }
}

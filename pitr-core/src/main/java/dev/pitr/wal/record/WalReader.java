package dev.pitr.wal.record;

import dev.pitr.wal.WalFormatException;
import dev.pitr.wal.WalPageHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the records of one segment, or of consecutive ones, from a stream: a {@link WalCursor} that fetches its pages
 * itself.
 *
 * <p>Uses 64 KiB and what the cursor keeps, whatever the length of the stream. Used by one thread; the stream is the
 * caller's to close.
 */
public final class WalReader {
    private static final int BUFFER_BYTES = 8 * WalPageHeader.PAGE_BYTES;

    private final InputStream in;
    private final WalCursor cursor;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private boolean isAtEnd;

    private WalReader(InputStream in, WalCursor cursor) {
        this.in = in;
        this.cursor = cursor;
    }

    /**
     * Reads whole segments, the first of which tells the version, the segment size and the position.
     *
     * @param segments uncompressed segments, one after the other; the last may be cut short
     * @return a reader before the first record
     * @throws WalFormatException if the stream doesn't begin with a segment that pitr can read
     * @throws IOException if reading fails
     */
    public static WalReader open(InputStream segments) throws IOException {
        byte[] start = segments.readNBytes(WalPageHeader.BYTES);
        WalPageHeader header = WalPageHeader.parse(start);
        WalReader reader = new WalReader(
                segments,
                WalCursor.builder(header.segmentSize()).from(header.address()).build());
        System.arraycopy(start, 0, reader.buffer, 0, start.length);
        reader.buffered = start.length;
        return reader;
    }

    /**
     * Reads pages for a cursor that was set up by the caller.
     *
     * @param pages begins with the page that the cursor awaits
     * @param cursor not fed yet
     * @return a reader before the first record
     */
    public static WalReader of(InputStream pages, WalCursor cursor) {
        return new WalReader(pages, cursor);
    }

    /**
     * Moves to the next complete record.
     *
     * @return false if there is none: {@link #end()} tells why
     * @throws IOException if reading fails
     */
    public boolean next() throws IOException {
        while (!cursor.next()) {
            if (isAtEnd || !cursor.end().kind().canContinue()) {
                return false;
            }
            fill();
        }
        return true;
    }

    private void fill() throws IOException {
        int count = buffered + in.readNBytes(buffer, buffered, buffer.length - buffered);
        buffered = 0;
        isAtEnd = count < buffer.length;
        int pages = (count + WalPageHeader.PAGE_BYTES - 1) / WalPageHeader.PAGE_BYTES * WalPageHeader.PAGE_BYTES;
        Arrays.fill(buffer, count, pages, (byte) 0);
        cursor.feed(buffer, 0, pages);
    }

    /**
     * Returns the record at which this reader stands.
     *
     * @return always the same object, which shows each record in turn
     */
    public WalRecord record() {
        return cursor.record();
    }

    /**
     * Tells why there is no further record.
     *
     * @return to be asked once {@link #next()} has returned false
     */
    public WalEnd end() {
        return cursor.end();
    }

    /**
     * Returns the cursor that this reader feeds.
     *
     * @return to be asked what it knows, not to be moved or fed
     */
    public WalCursor cursor() {
        return cursor;
    }
}

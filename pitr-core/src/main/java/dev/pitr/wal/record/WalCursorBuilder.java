package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegmentSize;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Options for a {@link WalCursor}. Each may be set once. */
public final class WalCursorBuilder {
    private static final int MIN_RECORD_BYTES = 8192;
    private static final int DEFAULT_RECORD_BYTES = 16 << 20;
    private static final int MIN_HEAD_BYTES = 1024;
    private static final int MAX_HEAD_BYTES = 64 << 20;

    final WalSegmentSize segmentSize;

    @Nullable
    Lsn start;

    @Nullable
    WalTail tail;

    @Nullable
    PostgresVersion version;

    @Nullable
    Long systemIdentifier;

    @Nullable
    TimelineId timeline;

    @Nullable
    Integer maxRecordBytes;

    @Nullable
    Integer maxHeadBytes;

    WalCursorBuilder(WalSegmentSize segmentSize) {
        this.segmentSize = Objects.requireNonNull(segmentSize, "segmentSize");
    }

    /**
     * Begins at a position: the start of a page, whatever it holds, or a record's first byte.
     *
     * @param lsn at a page boundary, or where a record begins; the first page fed must be the one that holds it
     * @return this
     */
    public WalCursorBuilder from(Lsn lsn) {
        requireUnset(start, "from");
        start = Objects.requireNonNull(lsn, "lsn");
        return this;
    }

    /**
     * Begins where another cursor stopped, in the middle of a record if it did.
     *
     * @param stopped the other's {@link WalCursor#tail}
     * @return this
     */
    public WalCursorBuilder resume(WalTail stopped) {
        requireUnset(tail, "resume");
        tail = Objects.requireNonNull(stopped, "stopped");
        return this;
    }

    /**
     * Expects a version. Without this the first page tells.
     *
     * @param expected the major version
     * @return this
     */
    public WalCursorBuilder version(PostgresVersion expected) {
        requireUnset(version, "version");
        version = Objects.requireNonNull(expected, "expected");
        return this;
    }

    /**
     * Expects a cluster. Without this the first segment's first page tells.
     *
     * @param expected the system identifier, to be read as unsigned
     * @return this
     */
    public WalCursorBuilder systemIdentifier(long expected) {
        requireUnset(systemIdentifier, "systemIdentifier");
        systemIdentifier = expected;
        return this;
    }

    /**
     * Refuses pages of later timelines. Without this a page may be of any timeline not before that of the page before.
     *
     * @param last the timeline of the file's name; its pages may be of ancestors
     * @return this
     */
    public WalCursorBuilder timeline(TimelineId last) {
        requireUnset(timeline, "timeline");
        timeline = Objects.requireNonNull(last, "last");
        return this;
    }

    /**
     * Bounds the memory for one record. Longer ones are checked and counted, but only their first bytes are kept.
     *
     * @param max at least 8192; 16 MiB if not set. Only as much is allocated as the longest record has
     * @return this
     */
    public WalCursorBuilder maxRecordBytes(int max) {
        requireUnset(maxRecordBytes, "maxRecordBytes");
        requireRange("maxRecordBytes", max, MIN_RECORD_BYTES, RecordHeader.MAX_BYTES);
        maxRecordBytes = max;
        return this;
    }

    /**
     * Keeps the rest of a record that began before the first page, for {@link WalCursor#head()}.
     *
     * @param max how many bytes to keep at most, at least 1024; none if not set
     * @return this
     */
    public WalCursorBuilder maxHeadBytes(int max) {
        requireUnset(maxHeadBytes, "maxHeadBytes");
        requireRange("maxHeadBytes", max, MIN_HEAD_BYTES, MAX_HEAD_BYTES);
        maxHeadBytes = max;
        return this;
    }

    /**
     * Makes the cursor.
     *
     * @return a cursor that waits for its first page
     * @throws IllegalArgumentException if not exactly one of {@link #from} and {@link #resume} was set, or the position
     *     can't be a record's
     */
    public WalCursor build() {
        if ((start == null) == (tail == null)) {
            throw new IllegalArgumentException("Set either from(lsn) or resume(tail)");
        }
        if (start != null && start.value() % 8 != 0) {
            throw new IllegalArgumentException("No record begins at " + start + ": expected a multiple of 8 bytes");
        }
        if (tail != null && tail.page().value() % WalPageHeader.PAGE_BYTES != 0) {
            throw new IllegalArgumentException("No page begins at " + tail.page());
        }
        return new WalCursor(this);
    }

    int recordLimit() {
        return maxRecordBytes == null ? DEFAULT_RECORD_BYTES : maxRecordBytes;
    }

    int headLimit() {
        return maxHeadBytes == null ? 0 : maxHeadBytes;
    }

    private static void requireUnset(@Nullable Object value, String option) {
        if (value != null) {
            throw new IllegalStateException(option + " is set twice");
        }
    }

    private static void requireRange(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    option + " " + value + " is out of range: expected " + min + " to " + max);
        }
    }
}

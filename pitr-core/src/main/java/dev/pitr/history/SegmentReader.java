package dev.pitr.history;

import dev.pitr.catalog.WalIndex;
import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.WalCursor;
import dev.pitr.wal.record.WalEnd;
import dev.pitr.wal.record.WalHead;
import dev.pitr.wal.record.WalReader;
import dev.pitr.wal.record.WalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads whole segments of archived WAL, one at a time, newest first: joining is done backwards. */
final class SegmentReader {
    private static final int MAX_STRADDLING_BYTES = 1 << 20;

    private final WalIndex index;
    private final PostgresVersion version;
    private @Nullable WalSegment lastRead;
    private @Nullable WalHead lastHead;

    SegmentReader(WalIndex index, PostgresVersion version) {
        this.index = index;
        this.version = version;
    }

    /**
     * Reads a segment. If the one after it was read just before, the record that goes on there is read too, last. Ends
     * without an error where the records end.
     *
     * @param segment the segment
     * @param until records from here on are left out; null for none
     * @param sink takes each record
     */
    void read(WalSegment segment, @Nullable Lsn until, Consumer<WalRecord> sink) {
        WalHead rest = isBeforeLastRead(segment) ? lastHead : null;
        WalCursor cursor = WalCursor.builder(segment.size())
                .from(segment.start())
                .version(version)
                .timeline(segment.timeline())
                .maxRecordBytes(MAX_STRADDLING_BYTES)
                .maxHeadBytes(MAX_STRADDLING_BYTES)
                .build();
        boolean isRead = feed(segment, cursor, until, sink);
        if (isRead && rest != null && cursor.end().kind() == WalEnd.Kind.CONTINUATION_AWAITED) {
            cursor.feed(rest);
            if (cursor.next()) {
                accept(cursor.record(), until, sink);
            }
        }
        if (until == null || isRead) {
            lastRead = segment;
            lastHead = cursor.head().orElse(null);
        }
    }

    private boolean isBeforeLastRead(WalSegment segment) {
        return lastRead != null && lastRead.number() == segment.number() + 1;
    }

    /** Whether the segment last read begins with the rest of a record. */
    boolean isHeadOpen() {
        return lastHead != null && lastHead.kind() == WalHead.Kind.CONTINUATION;
    }

    private boolean feed(WalSegment segment, WalCursor cursor, @Nullable Lsn until, Consumer<WalRecord> sink) {
        try (InputStream in = index.open(segment)) {
            WalReader reader = WalReader.of(in, cursor);
            while (reader.next()) {
                if (!accept(reader.record(), until, sink)) {
                    return false;
                }
            }
            // Where records end early, the rest tells whether these are the bytes that were archived.
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException e) {
            throw new PitrException("wal.unreadable", "Cannot read segment " + segment + ": " + e + ".", e);
        }
    }

    private static boolean accept(WalRecord record, @Nullable Lsn until, Consumer<WalRecord> sink) {
        boolean isWanted = until == null || Long.compareUnsigned(record.startLsn(), until.value()) < 0;
        if (isWanted) {
            sink.accept(record);
        }
        return isWanted;
    }

    /** What precedes the record that the last segment read begins with. */
    Optional<WalHead> head() {
        return Optional.ofNullable(lastHead);
    }
}

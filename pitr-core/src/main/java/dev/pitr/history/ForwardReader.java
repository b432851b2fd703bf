package dev.pitr.history;

import dev.pitr.catalog.WalIndex;
import dev.pitr.error.PitrException;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalCursor;
import dev.pitr.wal.record.WalCursorBuilder;
import dev.pitr.wal.record.WalRecord;
import dev.pitr.wal.record.WalTail;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the ends of transactions in WAL order, a segment at a time, joined where one follows the other. */
final class ForwardReader {
    private static final int TRANSACTION = 1;
    private static final int MAX_STRADDLING_BYTES = 1 << 20;

    private final WalIndex index;
    private final PostgresVersion version;
    private final byte[] buffer = new byte[16 * WalPageHeader.PAGE_BYTES];
    private @Nullable WalTail tail;

    ForwardReader(WalIndex index, PostgresVersion version) {
        this.index = index;
        this.version = version;
    }

    void stops(WalSegment segment, Consumer<StopRecord> sink) {
        WalCursorBuilder options = WalCursor.builder(segment.size())
                .version(version)
                .timeline(segment.timeline())
                .maxRecordBytes(MAX_STRADDLING_BYTES);
        boolean isNext = tail != null && tail.page().equals(segment.start());
        WalCursor cursor = isNext && tail != null
                ? options.resume(tail).build()
                : options.from(segment.start()).build();
        try (InputStream in = index.open(segment)) {
            int count;
            while ((count = in.readNBytes(buffer, 0, buffer.length)) > 0) {
                cursor.feed(buffer, 0, count - count % WalPageHeader.PAGE_BYTES);
                while (cursor.next()) {
                    accept(cursor.record(), sink);
                }
            }
        } catch (IOException e) {
            throw new PitrException("wal.unreadable", "Cannot read segment " + segment + ": " + e + ".", e);
        }
        tail = cursor.tail(MAX_STRADDLING_BYTES).orElse(null);
    }

    private static void accept(WalRecord record, Consumer<StopRecord> sink) {
        if (record.resourceManager() == TRANSACTION) {
            record.event().ifPresent(event -> {
                if (event instanceof StopRecord stop) {
                    sink.accept(stop);
                }
            });
        }
    }
}

package dev.pitr.history;

import dev.pitr.catalog.WalIndex;
import dev.pitr.error.PitrException;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalCursor;
import dev.pitr.wal.record.WalCursorBuilder;
import dev.pitr.wal.record.WalReader;
import dev.pitr.wal.record.WalRecord;
import dev.pitr.wal.record.WalTail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the ends of transactions in WAL order, a segment at a time, joined where one follows the other. */
final class ForwardReader {
    private static final int TRANSACTION = 1;
    private static final int MAX_STRADDLING_BYTES = 1 << 20;

    private final WalIndex index;
    private final PostgresVersion version;
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
            WalReader reader = WalReader.of(in, cursor);
            while (reader.next()) {
                accept(reader.record(), sink);
            }
            // Where records end early, the rest tells whether these are the bytes that were archived.
            in.transferTo(OutputStream.nullOutputStream());
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

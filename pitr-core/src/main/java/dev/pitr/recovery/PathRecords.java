package dev.pitr.recovery;

import dev.pitr.catalog.WalIndex;
import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.WalCursor;
import dev.pitr.wal.record.WalEnd;
import dev.pitr.wal.record.WalReader;
import dev.pitr.wal.record.WalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;

/** Reads the records of a path, from segment file to segment file. Counts the segments that it opens. */
final class PathRecords {
    /** Commits with millions of subtransactions or invalidations are as long. Allocated only for records that are. */
    private static final int MAX_RECORD_BYTES = 256 << 20;

    private final TimelinePath path;
    private final WalIndex index;
    private final WalSegmentSize size;
    private long segmentsRead;

    PathRecords(TimelinePath path, WalIndex index, WalSegmentSize size) {
        this.path = path;
        this.index = index;
        this.size = size;
    }

    long segmentsRead() {
        return segmentsRead;
    }

    /**
     * Hands over the records that begin at or behind a position and end in a segment or before.
     *
     * @param from the end of a record, or the start of one
     * @param through the number of the last segment to be read
     * @param record gets each record; returns whether to go on
     * @return why there was no further record; empty kinds of end if the caller ended it
     */
    WalEnd read(Lsn from, long through, Predicate<WalRecord> record) {
        WalCursor cursor = WalCursor.builder(size)
                .from(from)
                .maxRecordBytes(MAX_RECORD_BYTES)
                .build();
        Lsn page = pageOf(from);
        for (long number = size.segmentNumber(from); number <= through; number++) {
            WalSegment segment = path.at(number);
            segmentsRead++;
            try (InputStream bytes = index.open(segment)) {
                bytes.skipNBytes(page.bytesSince(segment.start()));
                if (!read(bytes, cursor, record)) {
                    break;
                }
            } catch (IOException e) {
                throw new PitrException(
                        "wal.unreadable", "Cannot read WAL segment " + segment + ": " + e.getMessage(), e);
            }
            page = number < through ? path.at(number + 1).start() : page;
        }
        return cursor.end();
    }

    private static boolean read(InputStream bytes, WalCursor cursor, Predicate<WalRecord> record) throws IOException {
        WalReader reader = WalReader.of(bytes, cursor);
        while (reader.next()) {
            if (!record.test(reader.record())) {
                return false;
            }
        }
        return reader.end().kind().canContinue();
    }

    private static Lsn pageOf(Lsn lsn) {
        return new Lsn(lsn.value() & -WalPageHeader.PAGE_BYTES);
    }
}

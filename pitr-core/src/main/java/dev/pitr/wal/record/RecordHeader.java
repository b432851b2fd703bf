package dev.pitr.wal.record;

import static dev.pitr.wal.record.LittleEndian.i64;
import static dev.pitr.wal.record.LittleEndian.u8;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import org.jspecify.annotations.Nullable;

/** Where things stand in a record's header: {@code XLogRecord} in PostgreSQL's {@code xlogrecord.h}. */
final class RecordHeader {
    static final int BYTES = 24;
    static final int LENGTH = 0;
    static final int XID = 4;
    static final int PREVIOUS = 8;
    static final int INFO = 16;
    static final int RESOURCE_MANAGER = 17;
    static final int CRC = 20;

    /** {@code XLogRecordMaxSize}, enforced from version 16 on; older servers can't read longer ones either. */
    static final int MAX_BYTES = 1020 << 20;

    private RecordHeader() {}

    static boolean isLength(int total) {
        return total >= BYTES && total <= MAX_BYTES;
    }

    /** Returns what is wrong with a header, null if nothing is. */
    static @Nullable String fault(byte[] bytes, int at, long start, long lastRecord, PostgresVersion version) {
        long previous = i64(bytes, at + PREVIOUS);
        boolean isLinked = lastRecord == 0 ? Long.compareUnsigned(previous, start) < 0 : previous == lastRecord;
        if (!isLinked) {
            return "the record links back to " + new Lsn(previous)
                    + (lastRecord == 0 ? "" : ", expected " + new Lsn(lastRecord));
        }
        int manager = u8(bytes, at + RESOURCE_MANAGER);
        return ResourceManagers.isKnown(manager, version) ? null : "resource manager " + manager;
    }

    /** Rounds up to the 8 bytes at which records begin. */
    static long aligned(long length) {
        return (length + 7) & ~7L;
    }
}

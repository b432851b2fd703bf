package dev.pitr.wal.record;

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

    /** Rounds up to the 8 bytes at which records begin. */
    static long aligned(long length) {
        return (length + 7) & ~7L;
    }
}

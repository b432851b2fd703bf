package dev.pitr.recovery;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.WalEnd;

/**
 * Where the records of an archived path stop though its segments go on, or stop in a way that no server leaves behind.
 *
 * @param segment the segment that is damaged, or doesn't continue the one before
 * @param lsn the first position that can't be replayed
 * @param kind what stands there
 * @param reason what was expected and found, as a clause
 */
record WalFault(WalSegment segment, Lsn lsn, WalEnd.Kind kind, String reason) {
    /** Whether the server that wrote it may have ended so: its last segment, archived before it was full. */
    boolean isPlainEnd() {
        return kind == WalEnd.Kind.ZERO_TAIL || kind == WalEnd.Kind.RECYCLED_PAGE;
    }

    @Override
    public String toString() {
        return segment + " at " + lsn + ": " + reason;
    }
}

package dev.pitr.recovery;

import dev.pitr.wal.Lsn;
import java.time.Instant;

/** Where recovery shall stop. */
public sealed interface RecoveryTarget {
    /** End of all WAL along the timeline. */
    record Latest() implements RecoveryTarget {}

    /** As soon as the backup is consistent. */
    record Immediate() implements RecoveryTarget {}

    /**
     * By the times of commit and abort records.
     *
     * @param time microseconds count
     * @param inclusive as recovery_target_inclusive
     */
    record Time(Instant time, boolean inclusive) implements RecoveryTarget {}

    /**
     * A transaction's end.
     *
     * @param xid 32-bit transaction number as unsigned
     * @param inclusive as recovery_target_inclusive
     */
    record Xid(long xid, boolean inclusive) implements RecoveryTarget {}

    /**
     * A position.
     *
     * @param lsn the position
     * @param inclusive as recovery_target_inclusive
     */
    record AtLsn(Lsn lsn, boolean inclusive) implements RecoveryTarget {}

    /**
     * A restore point made by pg_create_restore_point.
     *
     * @param name 1 to 63 bytes
     */
    record Name(String name) implements RecoveryTarget {}
}

package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegmentSize;
import java.util.Optional;

/**
 * How much WAL a target needs, as far as can be said without reading it.
 *
 * @param through the last segment number without which there is no plan
 * @param atMost the last segment number of which the server can have any use
 */
record WalNeed(long through, long atMost) {
    /**
     * The longest way from a position to the end of the next record: the position can lie in a record of up to 1020 MiB,
     * the next one can be as long ({@code XLogRecordMaxSize} in {@code xlogrecord.h}), and page headers come on top.
     */
    private static final long MAX_BYTES_TO_NEXT_RECORD = 2L << 30;

    /** The need of each kind of target. */
    static final class OfTarget implements RecoveryTargetVisitor<WalNeed> {
        private final long consistent;
        private final long wholePath;
        private final Optional<Backup> nextBackup;
        private final WalSegmentSize size;
        private final boolean endBeforeGap;

        /**
         * Prepares to tell.
         *
         * @param consistent the segment in which the backup becomes consistent
         * @param wholePath the last segment of the path, archived or not
         * @param nextBackup the first later backup on the path that began after the target's time
         * @param endBeforeGap whether a gap may cut the plan short
         */
        OfTarget(
                long consistent,
                long wholePath,
                Optional<Backup> nextBackup,
                WalSegmentSize size,
                boolean endBeforeGap) {
            this.consistent = consistent;
            this.wholePath = wholePath;
            this.nextBackup = nextBackup;
            this.size = size;
            this.endBeforeGap = endBeforeGap;
        }

        @Override
        public WalNeed latest(RecoveryTarget.Latest target) {
            return through(wholePath);
        }

        @Override
        public WalNeed immediate(RecoveryTarget.Immediate target) {
            return new WalNeed(consistent, consistent);
        }

        /** A transaction that ended after the target's time lies, by the server's clock, before a backup begun later. */
        @Override
        public WalNeed time(RecoveryTarget.Time target) {
            return through(nextBackup
                    .map(backup -> Math.max(consistent, Math.min(wholePath, lastNeeded(backup, size))))
                    .orElse(wholePath));
        }

        @Override
        public WalNeed xid(RecoveryTarget.Xid target) {
            return through(wholePath);
        }

        @Override
        public WalNeed lsn(RecoveryTarget.AtLsn target) {
            long through = Math.max(consistent, size.segmentNumber(target.lsn()));
            long behind = MAX_BYTES_TO_NEXT_RECORD / size.bytes() + 1;
            return new WalNeed(through, through + behind);
        }

        @Override
        public WalNeed name(RecoveryTarget.Name target) {
            return through(wholePath);
        }

        private WalNeed through(long last) {
            return new WalNeed(endBeforeGap ? consistent : last, Long.MAX_VALUE);
        }
    }

    /** The segment that holds the last byte before a backup is consistent. */
    static long lastNeeded(Backup backup, WalSegmentSize size) {
        return size.segmentNumber(lastByte(backup));
    }

    /** The last byte that must be replayed for a backup to be consistent. */
    static Lsn lastByte(Backup backup) {
        return backup.stopLsn().plus(-1);
    }

    /** The segment in which recovery begins. */
    static long first(Backup backup, WalSegmentSize size) {
        return size.segmentNumber(backup.startLsn());
    }

    /** The last segment of the target's need that a path can give. */
    long lastOf(TimelinePath path) {
        return Math.min(atMost, path.unbrokenThrough(through));
    }
}

package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;

/**
 * Where and why a {@link WalCursor} found no further record.
 *
 * <p>At the live end of WAL every kind is normal: that is how the server finds the end. In a segment that is complete
 * (archived under its own name) the kinds for which {@link Kind#isFaultInCompleteSegment()} holds mean damage.
 *
 * @param kind why
 * @param lsn where the next record or page would have been, or where the unfinished record begins
 * @param reason what was expected and what was found, as a clause without a full stop
 */
public record WalEnd(Kind kind, Lsn lsn, String reason) {
    /** Why there is no further record. */
    public enum Kind {
        /** The bytes given are read up, and the last record ended with them. More may follow. */
        PAGES_READ,
        /** The bytes given are read up in the middle of a record. Its rest may follow. */
        CONTINUATION_AWAITED,
        /** The server switched to the next segment; the rest of this one holds nothing. The next may follow. */
        SWITCH_PADDING,
        /** Zero bytes instead of a record: nothing was written here yet. */
        ZERO_TAIL,
        /** A page of earlier WAL: a recycled file, not written again so far. */
        RECYCLED_PAGE,
        /** A record begins, and zero bytes, an earlier page or another record stand where it should go on. */
        TORN_RECORD,
        /** Bytes that are no valid record or page, such as a wrong checksum. */
        INVALID;

        /**
         * Tells whether reading can go on with more pages.
         *
         * @return true for the first three
         */
        public boolean canContinue() {
            return compareTo(SWITCH_PADDING) <= 0;
        }

        /**
         * Tells whether a complete segment that ends so is damaged.
         *
         * @return false for the kinds that a complete segment can end with
         */
        public boolean isFaultInCompleteSegment() {
            return !canContinue();
        }
    }

    @Override
    public String toString() {
        return kind + " at " + lsn + ": " + reason;
    }
}

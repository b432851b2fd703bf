package dev.pitr.archive;

import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.WalEnd;
import java.util.Optional;

/**
 * Why a whole segment's records end before it does.
 *
 * <p>A segment may well end in the middle of a record, or after a switch to the next one; and a record that a crash cut off
 * is followed by one that says so. Anything else is a fault.
 */
record RecordFault(WalEnd end) {
    static Optional<RecordFault> find(SegmentSummary summary) {
        WalEnd end = summary.chain().end();
        return end.kind().isFaultInCompleteSegment() ? Optional.of(new RecordFault(end)) : Optional.empty();
    }

    WalRejectedException rejection(String file) {
        boolean isUnwritten = switch (end.kind()) {
            case ZERO_TAIL, RECYCLED_PAGE, TORN_RECORD -> true;
            case INVALID -> false;
            case PAGES_READ, CONTINUATION_AWAITED, SWITCH_PADDING -> throw new IllegalStateException(end.toString());
        };
        return new WalRejectedException(
                isUnwritten ? WalRejectedException.Reason.UNFINISHED : WalRejectedException.Reason.DAMAGED,
                file,
                "its records end at " + end.lsn() + ", before the segment does: " + end.reason());
    }
}

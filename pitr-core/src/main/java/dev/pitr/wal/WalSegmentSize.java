package dev.pitr.wal;

/**
 * A cluster's {@code wal_segment_size}: a power of two from 1 MiB to 1 GiB, fixed by {@code initdb}.
 *
 * @param bytes the size in bytes
 */
public record WalSegmentSize(int bytes) {
    /** The default of {@code initdb}, 16 MiB. */
    public static final WalSegmentSize DEFAULT = new WalSegmentSize(16 << 20);

    /** Checks the range. */
    public WalSegmentSize {
        if (bytes < 1 << 20 || bytes > 1 << 30 || Integer.bitCount(bytes) != 1) {
            throw new WalFormatException(
                    "WAL segment size " + bytes + " is invalid: expected a power of two from 1 MiB to 1 GiB");
        }
    }

    /**
     * Returns how many segments share one log id, that is, the first 16 digits of their names.
     *
     * @return 4 GiB divided by the segment size
     */
    public long segmentsPerLogId() {
        return 0x1_0000_0000L / bytes;
    }

    /**
     * Returns the number of the segment that holds the byte at {@code lsn}.
     *
     * @param lsn any position; for the last segment needed up to an <em>end</em> position use {@code lsn.plus(-1)}
     * @return the segment number, 0 to 2^44 - 1
     */
    public long segmentNumber(Lsn lsn) {
        return Long.divideUnsigned(lsn.value(), bytes);
    }

    /**
     * Returns where in its segment a position lies.
     *
     * @param lsn any position
     * @return 0 to the size less 1
     */
    public int offsetInSegment(Lsn lsn) {
        return (int) (lsn.value() & (bytes - 1));
    }
}

package dev.pitr.wal;

/**
 * One segment of one timeline's WAL.
 *
 * <p>Ordered by timeline, then by number, as the names are. The name has 24 upper-case hexadecimal digits: timeline, log
 * id, segment within the log id.
 *
 * @param timeline whose WAL
 * @param number 0 to the last segment of the 64-bit WAL; segment 0 is a legal name that never holds WAL
 * @param size the cluster's segment size
 */
public record WalSegment(TimelineId timeline, long number, WalSegmentSize size) implements Comparable<WalSegment> {
    /** Checks the range. */
    public WalSegment {
        if (number < 0 || number > maxNumber(size)) {
            throw new WalFormatException("Segment number " + number + " is out of range: expected 0 to "
                    + maxNumber(size) + " with segments of " + size.bytes() + " bytes");
        }
    }

    private static long maxNumber(WalSegmentSize size) {
        return size.segmentNumber(new Lsn(-1));
    }

    /**
     * Returns the segment of a timeline that holds the byte at {@code lsn}.
     *
     * @param timeline whose WAL
     * @param lsn any position
     * @param size the cluster's segment size
     * @return the segment
     */
    public static WalSegment containing(TimelineId timeline, Lsn lsn, WalSegmentSize size) {
        return new WalSegment(timeline, size.segmentNumber(lsn), size);
    }

    /**
     * Parses a 24-digit segment name, strictly.
     *
     * @param name 24 upper-case hexadecimal digits
     * @param size the cluster's segment size
     * @return the segment
     * @throws WalFormatException if the name is not one that a server with this segment size writes
     */
    public static WalSegment parse(String name, WalSegmentSize size) {
        if (!WalNames.isUpperHex(name, 24)) {
            throw new WalFormatException("\"" + name + "\" is no WAL segment name: expected 24 upper-case hex digits");
        }
        TimelineId timeline = new TimelineId(Long.parseLong(name, 0, 8, 16));
        long logId = Long.parseLong(name, 8, 16, 16);
        long inLogId = Long.parseLong(name, 16, 24, 16);
        if (inLogId >= size.segmentsPerLogId()) {
            throw new WalFormatException("\"" + name + "\" is no segment of a cluster with segments of " + size.bytes()
                    + " bytes: its last part exceeds " + WalNames.hex8(size.segmentsPerLogId() - 1));
        }
        return new WalSegment(timeline, logId * size.segmentsPerLogId() + inLogId, size);
    }

    /**
     * Returns the first position in this segment.
     *
     * @return its start, inclusive
     */
    public Lsn start() {
        return new Lsn(number * size.bytes());
    }

    /**
     * Returns the last position in this segment.
     *
     * @return its end, inclusive; the exclusive end of the very last segment would not fit an LSN
     */
    public Lsn last() {
        return start().plus(size.bytes() - 1);
    }

    /**
     * Returns the segment that follows on the same timeline.
     *
     * @return the next one
     * @throws WalFormatException after the last segment of the 64-bit WAL
     */
    public WalSegment next() {
        return new WalSegment(timeline, number + 1, size);
    }

    /**
     * Returns the segment with the same number on another timeline.
     *
     * @param other the other timeline
     * @return its segment
     */
    public WalSegment on(TimelineId other) {
        return new WalSegment(other, number, size);
    }

    /**
     * Returns the file name.
     *
     * @return 24 upper-case hexadecimal digits
     */
    public String name() {
        return timeline.toHex() + logIdHex() + WalNames.hex8(number % size.segmentsPerLogId());
    }

    /**
     * Returns the log id, the middle part of the name.
     *
     * @return eight upper-case hexadecimal digits
     */
    public String logIdHex() {
        return WalNames.hex8(number / size.segmentsPerLogId());
    }

    @Override
    public int compareTo(WalSegment other) {
        int byTimeline = timeline.compareTo(other.timeline);
        return byTimeline != 0 ? byTimeline : Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return name();
    }
}

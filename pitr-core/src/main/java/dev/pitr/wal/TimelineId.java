package dev.pitr.wal;

/**
 * A timeline's number: unsigned 32 bits, 1 for a new cluster; a child's is always greater than its parent's.
 *
 * @param value 1 to 4294967295
 */
public record TimelineId(long value) implements Comparable<TimelineId> {
    /** The timeline of a cluster that was never recovered. */
    public static final TimelineId FIRST = new TimelineId(1);

    /** Checks the range. */
    public TimelineId {
        if (value < 1 || value > 0xFFFF_FFFFL) {
            throw new WalFormatException("Timeline " + value + " is out of range: expected 1 to 4294967295");
        }
    }

    /**
     * Parses a decimal number, as in a history file.
     *
     * @param text decimal digits
     * @return the timeline
     * @throws WalFormatException if the text is no number in range
     */
    public static TimelineId parse(String text) {
        try {
            return new TimelineId(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new WalFormatException("Cannot parse timeline \"" + text + "\": expected 1 to 4294967295");
        }
    }

    /**
     * Returns the eight upper-case hexadecimal digits that stand in file names.
     *
     * @return for example {@code "0000000A"}
     */
    public String toHex() {
        return String.format("%08X", value);
    }

    @Override
    public int compareTo(TimelineId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}

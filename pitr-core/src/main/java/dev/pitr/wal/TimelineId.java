package dev.pitr.wal;

/**
 * A timeline's number: unsigned 32 bits, 1 for a new cluster; a child's is always greater than its parent's.
 *
 * @param value 1 to 4294967295
 */
public record TimelineId(long value) implements Comparable<TimelineId> {
    /** The timeline of a cluster that was never recovered. */
    public static final TimelineId FIRST = new TimelineId(1);

    private static final int MAX_DIGITS = 18;

    /** Checks the range. */
    public TimelineId {
        if (value < 1 || value > 0xFFFF_FFFFL) {
            throw new WalFormatException("Timeline " + value + " is out of range: expected 1 to 4294967295");
        }
    }

    /**
     * Parses a decimal number, as in a history file.
     *
     * @param text ASCII digits, without a sign
     * @return the timeline
     * @throws WalFormatException if the text is no number in range
     */
    public static TimelineId parse(String text) {
        boolean isNumber = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber || text.length() > MAX_DIGITS) {
            throw new WalFormatException("Cannot parse timeline \"" + text + "\": expected 1 to 4294967295");
        }
        return new TimelineId(Long.parseLong(text));
    }

    /**
     * Returns the eight upper-case hexadecimal digits that stand in file names.
     *
     * @return for example {@code "0000000A"}
     */
    public String toHex() {
        return WalNames.hex8(value);
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

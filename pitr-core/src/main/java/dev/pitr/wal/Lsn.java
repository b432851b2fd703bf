package dev.pitr.wal;

import java.util.Locale;

/**
 * A log sequence number: a byte position in the WAL stream, an unsigned 64-bit value.
 *
 * <p>Ordered as unsigned. Printed as the server prints it in versions 13 to 18 ({@code %X/%X}: two halves of upper-case
 * hexadecimal digits without padding), parsed by the grammar of the server's {@code pg_lsn} input function: each half
 * one to eight hexadecimal digits of either case, nothing before or after.
 *
 * @param value the position in bytes, to be read as unsigned; 0 is the server's "invalid"
 */
public record Lsn(long value) implements Comparable<Lsn> {
    /** Position 0, which never holds a record. */
    public static final Lsn ZERO = new Lsn(0);

    /**
     * Parses the text form.
     *
     * @param text for example {@code "16/B374D848"}
     * @return the position
     * @throws WalFormatException if the text is not an LSN by the server's grammar
     */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
            throw malformed(text);
        }
        return new Lsn(parseHex(text, 0, slash) << 32 | parseHex(text, slash + 1, text.length()));
    }

    private static long parseHex(String text, int from, int to) {
        long result = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw malformed(text);
            }
            result = result << 4 | digit;
        }
        return result;
    }

    private static WalFormatException malformed(String text) {
        return new WalFormatException("Cannot parse LSN \"" + text
                + "\": expected two hexadecimal numbers of up to 8 digits around a slash, such as 16/B374D848");
    }

    /**
     * Returns the position {@code bytes} further on.
     *
     * @param bytes how far, may be negative
     * @return the new position
     * @throws ArithmeticException if the result lies outside the unsigned 64-bit range
     */
    public Lsn plus(long bytes) {
        long result = value + bytes;
        boolean wrapped =
                bytes >= 0 ? Long.compareUnsigned(result, value) < 0 : Long.compareUnsigned(result, value) > 0;
        if (wrapped) {
            throw new ArithmeticException(this + " plus " + bytes + " bytes is outside the range of an LSN");
        }
        return new Lsn(result);
    }

    /**
     * Returns the bytes from {@code earlier} up to this position.
     *
     * @param earlier a position at or before this one
     * @return the distance in bytes, to be read as unsigned
     * @throws IllegalArgumentException if {@code earlier} is later than this
     */
    public long bytesSince(Lsn earlier) {
        if (earlier.isAfter(this)) {
            throw new IllegalArgumentException(earlier + " is after " + this);
        }
        return value - earlier.value;
    }

    /**
     * Tells whether this position is smaller.
     *
     * @param other the position to compare with
     * @return true if this is strictly before {@code other}
     */
    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    /**
     * Tells whether this position is greater.
     *
     * @param other the position to compare with
     * @return true if this is strictly after {@code other}
     */
    public boolean isAfter(Lsn other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        String text = Long.toHexString(value >>> 32) + '/' + Long.toHexString(value & 0xFFFF_FFFFL);
        return text.toUpperCase(Locale.ROOT);
    }
}

package dev.pitr.recovery;

/** Parsing of numbers more strictly than the server does, which reads {@code 010} as eight. */
final class Numbers {
    private Numbers() {}

    /** Returns the number, or -1 if the text is not plain decimal digits without leading zero, at most so many. */
    static long parseDecimal(String text, int maxDigits) {
        boolean plain = !text.isEmpty()
                && text.length() <= maxDigits
                && text.charAt(0) != '0'
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!plain) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}

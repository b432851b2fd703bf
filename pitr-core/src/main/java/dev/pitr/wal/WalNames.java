package dev.pitr.wal;

/** Character tests that the parsers of file names share. */
final class WalNames {
    private WalNames() {}

    static boolean isUpperHex(String text, int length) {
        return text.length() == length
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
    }
}

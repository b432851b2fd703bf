package dev.pitr.wal;

import java.util.HexFormat;

/** The hexadecimal digits of file names. */
final class WalNames {
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();

    private WalNames() {}

    static boolean isUpperHex(String text, int length) {
        return text.length() == length && isUpperHex(text, 0, length);
    }

    static boolean isUpperHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return true;
    }

    /** The low 32 bits as eight digits. */
    static String hex8(long value) {
        return UPPER.toHexDigits(value, 8);
    }
}

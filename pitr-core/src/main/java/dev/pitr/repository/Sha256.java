package dev.pitr.repository;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 as the format prints it: 64 lower-case hexadecimal digits. */
final class Sha256 {
    static final int HEX_LENGTH = 64;
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private Sha256() {}

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    static String finish(MessageDigest digest) {
        byte[] bytes = digest.digest();
        char[] text = new char[bytes.length * 2];
        for (int i = 0; i < bytes.length; i++) {
            text[2 * i] = DIGITS[(bytes[i] >> 4) & 0xF];
            text[2 * i + 1] = DIGITS[bytes[i] & 0xF];
        }
        return new String(text);
    }

    static String of(byte[] bytes, int offset, int length) {
        MessageDigest digest = start();
        digest.update(bytes, offset, length);
        return finish(digest);
    }
}

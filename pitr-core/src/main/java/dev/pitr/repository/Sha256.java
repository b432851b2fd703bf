package dev.pitr.repository;

import dev.pitr.storage.Content;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 as the format prints it: 64 lower-case hexadecimal digits. */
public final class Sha256 {
    static final int HEX_LENGTH = 64;
    private static final int BUFFER_BYTES = 1 << 17;

    private Sha256() {}

    /**
     * Starts a hash.
     *
     * @return a new digest, for one thread at a time
     */
    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * Ends a hash. The digest is ready to start another one.
     *
     * @param digest what {@link #start()} returned
     * @return the digits
     */
    public static String finish(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Hashes a stretch of an array.
     *
     * @param bytes the array
     * @param offset the first byte
     * @param length how many
     * @return the digits
     */
    public static String of(byte[] bytes, int offset, int length) {
        MessageDigest digest = start();
        digest.update(bytes, offset, length);
        return finish(digest);
    }

    /**
     * Hashes a content, in bounded memory.
     *
     * @param content what to hash
     * @return the digits
     * @throws IOException if it can't be read
     */
    public static String of(Content content) throws IOException {
        MessageDigest digest = start();
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return finish(digest);
    }
}

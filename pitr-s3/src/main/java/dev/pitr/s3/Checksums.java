package dev.pitr.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Checksums in the forms that the protocol knows. */
final class Checksums {
    private Checksums() {}

    /** A CRC-32C as headers carry it. */
    static String text(int crc32c) {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(Integer.BYTES).putInt(crc32c).array());
    }

    static byte[] bytes(String checksum) {
        return Base64.getDecoder().decode(checksum);
    }

    static String text(byte[] md5) {
        return Base64.getEncoder().encodeToString(md5);
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }

    /** Tells whether an entity tag is this MD5, as it is on most stores for objects that were put whole. */
    static boolean isTagOf(byte[] md5, @Nullable String entityTag) {
        return entityTag != null
                && entityTag.replace("\"", "").equalsIgnoreCase(HexFormat.of().formatHex(md5));
    }
}

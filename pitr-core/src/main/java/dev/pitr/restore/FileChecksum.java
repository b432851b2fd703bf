package dev.pitr.restore;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** How a backup manifest protects a file (PostgreSQL: "Backup Manifest Format", Checksum-Algorithm). */
enum FileChecksum {
    NONE(0, null),
    CRC32C(1, null),
    SHA224(2, "SHA-224"),
    SHA256(3, "SHA-256"),
    SHA384(4, "SHA-384"),
    SHA512(5, "SHA-512");

    private final int code;
    private final @Nullable String digestName;

    FileChecksum(int code, @Nullable String digestName) {
        this.code = code;
        this.digestName = digestName;
    }

    /** A small number that stands for this. */
    int code() {
        return code;
    }

    static FileChecksum ofCode(int code) {
        for (FileChecksum checksum : values()) {
            if (checksum.code == code) {
                return checksum;
            }
        }
        throw new IllegalArgumentException("No checksum has the code " + code);
    }

    /** Starts a computation. Used by one thread. */
    Computation start() {
        if (digestName != null) {
            return new Digest(newDigest(digestName));
        }
        return this == CRC32C ? new Crc() : new Nothing();
    }

    static MessageDigest newDigest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime has no " + name, e);
        }
    }

    /** A checksum in the making. */
    interface Computation {
        void update(byte[] buffer, int offset, int length);

        byte[] finish();
    }

    private record Digest(MessageDigest digest) implements Computation {
        @Override
        public void update(byte[] buffer, int offset, int length) {
            digest.update(buffer, offset, length);
        }

        @Override
        public byte[] finish() {
            return digest.digest();
        }
    }

    private static final class Crc implements Computation {
        private final CRC32C crc = new CRC32C();

        @Override
        public void update(byte[] buffer, int offset, int length) {
            crc.update(buffer, offset, length);
        }

        /** The four bytes in little-endian order, as the server prints them. */
        @Override
        public byte[] finish() {
            int value = (int) crc.getValue();
            return new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)};
        }
    }

    private static final class Nothing implements Computation {
        @Override
        public void update(byte[] buffer, int offset, int length) {
            // The manifest gives a size only.
        }

        @Override
        public byte[] finish() {
            return new byte[0];
        }
    }
}

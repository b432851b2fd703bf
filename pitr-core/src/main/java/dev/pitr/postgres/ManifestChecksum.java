package dev.pitr.postgres;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A checksum algorithm for the files of a base backup, as PostgreSQL's {@code MANIFEST_CHECKSUMS} option and backup
 * manifests name it (PostgreSQL documentation, "Backup Manifest File Object").
 */
public enum ManifestChecksum {
    /** No checksums: the manifest lists names and sizes only. */
    NONE(null, 0),
    /** CRC-32C, the server's default and pitr's; finds damage, not malice. */
    CRC32C(null, 4),
    /** SHA-224. */
    SHA224("SHA-224", 28),
    /** SHA-256; computed by the server while it sends, which slows it down. */
    SHA256("SHA-256", 32),
    /** SHA-384. */
    SHA384("SHA-384", 48),
    /** SHA-512. */
    SHA512("SHA-512", 64);

    private final @Nullable String digestName;
    private final int lengthBytes;

    ManifestChecksum(@Nullable String digestName, int lengthBytes) {
        this.digestName = digestName;
        this.lengthBytes = lengthBytes;
    }

    /**
     * Returns the length of a checksum.
     *
     * @return bytes, 0 for {@link #NONE}
     */
    public int lengthBytes() {
        return lengthBytes;
    }

    /**
     * Starts to compute the checksum of one file.
     *
     * @return a new computation, for one thread at a time
     */
    public Computation start() {
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
    public interface Computation {
        /**
         * Takes the next bytes of the file.
         *
         * @param buffer holds them
         * @param offset of the first
         * @param length how many
         */
        void update(byte[] buffer, int offset, int length);

        /**
         * Ends the computation.
         *
         * @return the bytes that the manifest prints in hexadecimal; of a CRC-32C, the least significant first
         */
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

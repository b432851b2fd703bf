package dev.pitr.repository;

import java.util.Objects;

/**
 * What the container of a WAL file tells of the file inside. Immutable; grows with releases.
 *
 * <p>Read by one ranged read of a few KiB, without touching the data.
 */
public final class WalHeader {
    private final String name;
    private final long rawSizeBytes;
    private final String rawSha256;

    WalHeader(String name, long rawSizeBytes, String rawSha256) {
        this.name = name;
        this.rawSizeBytes = rawSizeBytes;
        this.rawSha256 = rawSha256;
    }

    /**
     * Returns the name under which the file was archived.
     *
     * @return the server's name, without a suffix of ours
     */
    public String name() {
        return name;
    }

    /**
     * Returns the size of the file.
     *
     * @return bytes, uncompressed
     */
    public long rawSizeBytes() {
        return rawSizeBytes;
    }

    /**
     * Returns the hash of the file.
     *
     * @return SHA-256 of the uncompressed bytes, 64 lower-case hexadecimal digits
     */
    public String rawSha256() {
        return rawSha256;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WalHeader header
                && header.name.equals(name)
                && header.rawSizeBytes == rawSizeBytes
                && header.rawSha256.equals(rawSha256);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, rawSizeBytes, rawSha256);
    }

    @Override
    public String toString() {
        return name + ", " + rawSizeBytes + " bytes, SHA-256 " + rawSha256;
    }
}

package dev.pitr.postgres;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/** One file that a backup manifest lists. */
public final class ManifestFile {
    private final String path;
    private final long sizeBytes;
    private final Instant lastModified;
    private final ManifestChecksum algorithm;
    private final byte[] checksum;

    ManifestFile(String path, long sizeBytes, Instant lastModified, ManifestChecksum algorithm, byte[] checksum) {
        this.path = path;
        this.sizeBytes = sizeBytes;
        this.lastModified = lastModified;
        this.algorithm = algorithm;
        this.checksum = checksum;
    }

    /**
     * Returns the path relative to the data directory, as the manifest gives it: to be checked before it is used, since
     * nothing here keeps it inside of a directory.
     *
     * @return with slashes; a path that is not UTF-8 has one character (ISO 8859-1) for each byte
     */
    public String path() {
        return path;
    }

    /**
     * Returns the file's size.
     *
     * @return bytes, 0 or more
     */
    public long sizeBytes() {
        return sizeBytes;
    }

    /**
     * Returns when the file was last changed, by the server's clock.
     *
     * @return to the second
     */
    public Instant lastModified() {
        return lastModified;
    }

    /**
     * Returns the algorithm of {@link #checksum()}.
     *
     * @return {@link ManifestChecksum#NONE} if the manifest has no checksum for this file
     */
    public ManifestChecksum algorithm() {
        return algorithm;
    }

    /**
     * Returns the checksum, as {@link ManifestChecksum.Computation#finish()} computes it.
     *
     * @return a copy, as long as {@link ManifestChecksum#lengthBytes()} says
     */
    public byte[] checksum() {
        return checksum.clone();
    }

    /**
     * Tells whether a computed checksum is the right one.
     *
     * @param computed from {@link ManifestChecksum.Computation#finish()}
     * @return true if equal
     */
    public boolean hasChecksum(byte[] computed) {
        return Arrays.equals(checksum, computed);
    }

    @Override
    public String toString() {
        return path + ", " + sizeBytes + " bytes, " + algorithm + " "
                + HexFormat.of().formatHex(checksum);
    }
}

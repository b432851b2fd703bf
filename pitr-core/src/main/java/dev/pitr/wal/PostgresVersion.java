package dev.pitr.wal;

import java.util.Arrays;
import java.util.Optional;

/** A major version of PostgreSQL that pitr supports, with the facts that tell its files apart. */
public enum PostgresVersion {
    /** PostgreSQL 13. */
    V13(13, 0xD106),
    /** PostgreSQL 14. */
    V14(14, 0xD10D),
    /** PostgreSQL 15. */
    V15(15, 0xD110),
    /** PostgreSQL 16. */
    V16(16, 0xD113),
    /** PostgreSQL 17. */
    V17(17, 0xD116),
    /** PostgreSQL 18. */
    V18(18, 0xD118);

    private final int major;
    private final int pageMagic;

    PostgresVersion(int major, int pageMagic) {
        this.major = major;
        this.pageMagic = pageMagic;
    }

    /**
     * Returns the version with this major number.
     *
     * @param major such as 17
     * @return the version
     * @throws UnsupportedVersionException if pitr doesn't know it
     */
    public static PostgresVersion ofMajor(int major) {
        return Arrays.stream(values())
                .filter(v -> v.major == major)
                .findFirst()
                .orElseThrow(() -> new UnsupportedVersionException(major));
    }

    /**
     * Finds the version that writes WAL pages with this magic ({@code XLOG_PAGE_MAGIC} in PostgreSQL's
     * {@code xlog_internal.h}, which changes with each major version).
     *
     * @param magic the first two bytes of a WAL page, as an unsigned little-endian number
     * @return the version, empty if unknown
     */
    public static Optional<PostgresVersion> ofPageMagic(int magic) {
        return Arrays.stream(values()).filter(v -> v.pageMagic == magic).findFirst();
    }

    /**
     * Returns the major number.
     *
     * @return such as 17
     */
    public int major() {
        return major;
    }

    /**
     * Returns the magic of this version's WAL pages.
     *
     * @return an unsigned 16-bit number
     */
    public int pageMagic() {
        return pageMagic;
    }

    /**
     * Tells whether this version is {@code other} or newer.
     *
     * @param other the version to compare with
     * @return true if at least that
     */
    public boolean isAtLeast(PostgresVersion other) {
        return major >= other.major;
    }

    @Override
    public String toString() {
        return Integer.toString(major);
    }
}

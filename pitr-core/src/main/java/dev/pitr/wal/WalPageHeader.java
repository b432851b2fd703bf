package dev.pitr.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The long header with which every WAL segment begins: {@code XLogLongPageHeaderData} in PostgreSQL's
 * {@code xlog_internal.h}, the same in versions 13 to 18.
 *
 * @param version the version whose magic it bears; the magic tells the major version exactly
 * @param flags the page's info flags, {@code xlp_info}
 * @param timeline the timeline of the first record on the page, at most that of the file's name: the first segment of a
 *     new timeline begins as a copy of its parent's
 * @param address the position of the page, which is the start of the segment
 * @param remainingLength bytes still to come of a record that began before this page, to be read as unsigned
 * @param systemIdentifier whose WAL it is, to be read as unsigned
 * @param segmentSize the cluster's segment size
 */
public record WalPageHeader(
        PostgresVersion version,
        int flags,
        TimelineId timeline,
        Lsn address,
        int remainingLength,
        long systemIdentifier,
        WalSegmentSize segmentSize) {
    /** Its length in bytes. */
    public static final int BYTES = 40;

    /** The size of a WAL page in bytes; other values, a choice when PostgreSQL is built, are refused. */
    public static final int PAGE_BYTES = 8192;

    private static final int LONG_HEADER = 0x0002;
    private static final int KNOWN_FLAGS = 0x000F;

    /**
     * Parses the first bytes of a segment.
     *
     * @param bytes at least {@link #BYTES} bytes; what follows is ignored
     * @return the header
     * @throws WalFormatException if this is no start of a segment of a known version. Codes:
     *     {@code wal.format.truncated}, {@code wal.format.big-endian} (WAL of a big-endian machine, which pitr doesn't
     *     read), {@code wal.format.magic} (not WAL, or of an unknown version), {@code wal.format.page} (any other field)
     */
    public static WalPageHeader parse(byte[] bytes) {
        if (bytes.length < BYTES) {
            throw new WalFormatException(
                    "wal.format.truncated",
                    "WAL page header is cut short: " + bytes.length + " bytes, expected " + BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        PostgresVersion version = version(in.getShort(0));
        requireLongHeader(Short.toUnsignedInt(in.getShort(2)), in.getInt(36));
        long timeline = Integer.toUnsignedLong(in.getInt(4));
        try {
            return new WalPageHeader(
                    version,
                    in.getShort(2),
                    new TimelineId(timeline),
                    new Lsn(in.getLong(8)),
                    in.getInt(16),
                    in.getLong(24),
                    new WalSegmentSize(in.getInt(32)));
        } catch (WalFormatException e) {
            throw invalid(e.getMessage());
        }
    }

    private static PostgresVersion version(short magic) {
        int swapped = Short.toUnsignedInt(Short.reverseBytes(magic));
        return PostgresVersion.ofPageMagic(Short.toUnsignedInt(magic)).orElseThrow(() -> {
            if (PostgresVersion.ofPageMagic(swapped).isPresent()) {
                return new WalFormatException(
                        "wal.format.big-endian",
                        "WAL page was written on a big-endian machine, which is not supported");
            }
            return new WalFormatException(
                    "wal.format.magic",
                    "WAL page has magic "
                            + WalNames.hex8(Short.toUnsignedInt(magic)).substring(4)
                            + ", which is none of PostgreSQL 13 to 18");
        });
    }

    private static void requireLongHeader(int flags, int pageBytes) {
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw invalid("unknown flags " + WalNames.hex8(flags).substring(4));
        }
        if ((flags & LONG_HEADER) == 0) {
            throw invalid("it lacks the flag that marks the first page of a segment");
        }
        if (pageBytes != PAGE_BYTES) {
            throw invalid("WAL block size " + pageBytes + ", expected " + PAGE_BYTES);
        }
    }

    private static WalFormatException invalid(@org.jspecify.annotations.Nullable String reason) {
        return new WalFormatException("wal.format.page", "WAL page header is invalid: " + reason);
    }
}

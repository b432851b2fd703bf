package dev.pitr.wal.record;

import static dev.pitr.wal.record.LittleEndian.i32;
import static dev.pitr.wal.record.LittleEndian.i64;
import static dev.pitr.wal.record.LittleEndian.u16;
import static dev.pitr.wal.record.LittleEndian.u32;

import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegmentSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and checks page headers: {@code XLogReaderValidatePageHeader} in PostgreSQL's {@code xlogreader.c}. */
final class PageCheck {
    static final int CONTINUATION = 0x0001;
    static final int OVERWRITTEN = 0x0008;

    private static final int LONG_HEADER = 0x0002;
    private static final int KNOWN_FLAGS = 0x000F;
    private static final int SHORT_BYTES = 24;

    private final int segmentBytes;
    private final long maxTimeline;
    private @Nullable PostgresVersion version;
    private @Nullable Long systemIdentifier;
    private long timeline;
    private int flags;
    private int remaining;

    PageCheck(
            WalSegmentSize segmentSize,
            @Nullable PostgresVersion version,
            @Nullable Long systemIdentifier,
            long maxTimeline) {
        segmentBytes = segmentSize.bytes();
        this.version = version;
        this.systemIdentifier = systemIdentifier;
        this.maxTimeline = maxTimeline;
    }

    boolean isSegmentStart(long lsn) {
        return (lsn & (segmentBytes - 1)) == 0;
    }

    long nextSegment(long lsn) {
        return (lsn & -segmentBytes) + segmentBytes;
    }

    int headerBytes(long lsn) {
        return isSegmentStart(lsn) ? WalPageHeader.BYTES : SHORT_BYTES;
    }

    static boolean isZero(byte[] bytes, int page) {
        for (int at = page; at < page + WalPageHeader.PAGE_BYTES; at += Long.BYTES) {
            if (i64(bytes, at) != 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isOfEarlierWal(byte[] bytes, int page, long lsn) {
        return PostgresVersion.ofPageMagic(u16(bytes, page)).isPresent()
                && Long.compareUnsigned(i64(bytes, page + 8), lsn) < 0;
    }

    /** Reads a page's header. Returns what is wrong with it, null if nothing is. */
    @Nullable
    String read(byte[] bytes, int page, long lsn) {
        String fault = commonFault(bytes, page, lsn);
        if (fault == null && isSegmentStart(lsn)) {
            fault = longFault(bytes, page);
        }
        if (fault == null) {
            timeline = u32(bytes, page + 4);
            flags = u16(bytes, page + 2);
            remaining = i32(bytes, page + 16);
        }
        return fault;
    }

    private @Nullable String commonFault(byte[] bytes, int page, long lsn) {
        int magic = u16(bytes, page);
        if (version == null || magic != version.pageMagic()) {
            Optional<PostgresVersion> found = PostgresVersion.ofPageMagic(magic);
            if (version != null || found.isEmpty()) {
                return String.format("page magic %04X, expected that of PostgreSQL ", magic)
                        + (version == null ? "13 to 18" : version);
            }
            version = found.get();
        }
        int info = u16(bytes, page + 2);
        if ((info & ~KNOWN_FLAGS) != 0 || (info & LONG_HEADER) != 0 != isSegmentStart(lsn)) {
            return String.format("page flags %04X", info);
        }
        if (i64(bytes, page + 8) != lsn) {
            return "the page says that it belongs at " + Long.toHexString(i64(bytes, page + 8));
        }
        long found = u32(bytes, page + 4);
        if (found < timeline || found == 0 || found > maxTimeline) {
            return "page of timeline " + found + ", expected " + Math.max(1, timeline) + " to " + maxTimeline;
        }
        return null;
    }

    private @Nullable String longFault(byte[] bytes, int page) {
        long found = i64(bytes, page + 24);
        if (systemIdentifier == null) {
            systemIdentifier = found;
        } else if (systemIdentifier != found) {
            return "page of the cluster with system identifier " + Long.toUnsignedString(found) + ", expected "
                    + Long.toUnsignedString(systemIdentifier);
        }
        if (i32(bytes, page + 32) != segmentBytes) {
            return "page of a cluster with segments of " + u32(bytes, page + 32) + " bytes, expected " + segmentBytes;
        }
        if (i32(bytes, page + 36) != WalPageHeader.PAGE_BYTES) {
            return "page of a cluster with WAL blocks of " + u32(bytes, page + 36) + " bytes, expected "
                    + WalPageHeader.PAGE_BYTES;
        }
        return null;
    }

    boolean isOf(PostgresVersion writer) {
        if (version == null) {
            version = writer;
        }
        return version == writer;
    }

    @Nullable
    PostgresVersion version() {
        return version;
    }

    long timeline() {
        return timeline;
    }

    boolean isContinuation() {
        return (flags & CONTINUATION) != 0;
    }

    boolean isOverwritten() {
        return (flags & OVERWRITTEN) != 0;
    }

    /** How many bytes of a continued record are still to come, to be read as unsigned. */
    int remaining() {
        return remaining;
    }
}

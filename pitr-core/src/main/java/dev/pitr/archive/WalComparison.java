package dev.pitr.archive;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds where two files of one name first differ, and which of them still holds WAL from there on. */
final class WalComparison {
    private static final int PAGE = WalPageHeader.PAGE_BYTES;
    private static final int SHORT_HEADER = 24;

    /**
     * Where and in what two files differ.
     *
     * @param archivedGoesOn whether the archived file holds WAL from there on
     * @param offeredGoesOn whether the offered file does
     */
    record Difference(
            WalFileName name,
            WalConflictException.Kind kind,
            long offset,
            Optional<Lsn> position,
            boolean archivedGoesOn,
            boolean offeredGoesOn) {
        String describe() {
            String where = "They first differ at byte " + offset
                    + position.map(p -> ", position " + p).orElse("");
            if (kind != WalConflictException.Kind.OTHER_TAIL) {
                return where + ".";
            }
            if (archivedGoesOn == offeredGoesOn) {
                return where + ", where neither holds WAL any more.";
            }
            return where + ", where the WAL of the " + (archivedGoesOn ? "offered" : "archived")
                    + " file ends and that of the " + (archivedGoesOn ? "archived" : "offered") + " one goes on.";
        }
    }

    private final WalFileName name;
    private final @Nullable WalSegment segment;
    private long offset = -1;
    private int magic;
    private boolean archivedGoesOn;
    private boolean offeredGoesOn;

    private WalComparison(WalFileName name) {
        this.name = name;
        this.segment = segmentOf(name);
    }

    private static @Nullable WalSegment segmentOf(WalFileName name) {
        if (name instanceof WalFileName.Segment s) {
            return s.segment();
        }
        return name instanceof WalFileName.Partial p ? p.segment() : null;
    }

    /** Reads both to the end; empty if they are equal. */
    static Optional<Difference> between(WalFileName name, InputStream archived, InputStream offered)
            throws IOException {
        WalComparison comparison = new WalComparison(name);
        comparison.read(archived, offered);
        return comparison.offset < 0 ? Optional.empty() : Optional.of(comparison.difference());
    }

    private void read(InputStream archived, InputStream offered) throws IOException {
        byte[] a = new byte[PAGE];
        byte[] o = new byte[PAGE];
        for (long start = 0; ; start += PAGE) {
            int aLength = archived.readNBytes(a, 0, PAGE);
            int oLength = offered.readNBytes(o, 0, PAGE);
            if (aLength == 0 && oLength == 0) {
                return;
            }
            if (start == 0) {
                magic = magicOf(o);
            }
            if (offset < 0) {
                int mismatch = Arrays.mismatch(a, 0, aLength, o, 0, oLength);
                if (mismatch >= 0) {
                    offset = start + mismatch;
                    archivedGoesOn = goesOn(a, aLength, mismatch, start);
                    offeredGoesOn = goesOn(o, oLength, mismatch, start);
                }
            } else {
                archivedGoesOn |= holdsPage(a, aLength, start);
                offeredGoesOn |= holdsPage(o, oLength, start);
            }
        }
    }

    private boolean goesOn(byte[] page, int length, int from, long start) {
        if (from < SHORT_HEADER) {
            return holdsPage(page, length, start);
        }
        for (int i = from; i < length; i++) {
            if (page[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the page belongs to this segment, and not to what a recycled file held before. */
    private boolean holdsPage(byte[] page, int length, long start) {
        return segment != null
                && length >= SHORT_HEADER
                && magicOf(page) == magic
                && littleEndian(page).getLong(8) == segment.start().value() + start;
    }

    private static int magicOf(byte[] page) {
        return littleEndian(page).getShort(0);
    }

    private static ByteBuffer littleEndian(byte[] page) {
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Difference difference() {
        Optional<Lsn> position = Optional.ofNullable(segment).map(s -> s.start().plus(offset));
        return new Difference(name, kind(), offset, position, archivedGoesOn, offeredGoesOn);
    }

    private WalConflictException.Kind kind() {
        if (segment == null) {
            return WalConflictException.Kind.OTHER_TEXT;
        }
        return archivedGoesOn && offeredGoesOn
                ? WalConflictException.Kind.OTHER_RECORDS
                : WalConflictException.Kind.OTHER_TAIL;
    }
}

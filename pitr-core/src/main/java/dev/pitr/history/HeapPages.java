package dev.pitr.history;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Rows in the pages of a catalog's file, taken from a copy made while the server wrote: {@code bufpage.h} and
 * {@code htup_details.h}. What doesn't look like a row is passed over; rows that were deleted, and old versions of rows,
 * are shown too, before those that are alive.
 */
final class HeapPages {
    static final int PAGE_BYTES = 8192;
    static final int NAME_BYTES = 64;

    private static final int HEADER_BYTES = 24;
    private static final int LOWER = 12;
    private static final int NORMAL = 1;
    private static final int XMAX = 4;
    private static final int INFO_MASK = 20;
    private static final int HEADER_LENGTH = 22;
    private static final int TUPLE_HEADER_BYTES = 23;
    private static final int XMIN_INVALID = 0x0200;
    private static final int XMIN_FROZEN = 0x0300;
    private static final int XMAX_INVALID = 0x0800;

    private HeapPages() {}

    /** The columns of a row, as far as they have a fixed place. */
    static final class Row {
        private final byte[] page;
        private final int offset;
        private final int end;

        private Row(byte[] page, int offset, int end) {
            this.page = page;
            this.offset = offset;
            this.end = end;
        }

        boolean has(int bytes) {
            return end - offset >= bytes;
        }

        long number(int at) {
            return Integer.toUnsignedLong(i32(page, offset + at));
        }

        /** A column of type name, in UTF-8 as most databases are. */
        String name(int at) {
            int length = 0;
            while (length < NAME_BYTES && page[offset + at + length] != 0) {
                length++;
            }
            return new String(page, offset + at, length, StandardCharsets.UTF_8);
        }
    }

    /** Shows the rows of a page that have so many bytes of fixed columns. */
    static void read(byte[] page, int minBytes, Consumer<Row> sink) {
        read(page, minBytes, false, sink);
        read(page, minBytes, true, sink);
    }

    private static void read(byte[] page, int minBytes, boolean alive, Consumer<Row> sink) {
        int lower = u16(page, LOWER);
        for (int at = HEADER_BYTES; at + 4 <= lower && at + 4 <= PAGE_BYTES; at += 4) {
            int pointer = i32(page, at);
            int offset = pointer & 0x7FFF;
            int length = pointer >>> 17;
            boolean isRow = (pointer >>> 15 & 3) == NORMAL
                    && offset >= HEADER_BYTES
                    && length >= TUPLE_HEADER_BYTES
                    && offset + length <= PAGE_BYTES;
            if (isRow && isCommitted(page, offset) && isAlive(page, offset) == alive) {
                Row row = new Row(page, offset + (page[offset + HEADER_LENGTH] & 0xFF), offset + length);
                if (row.has(minBytes)) {
                    sink.accept(row);
                }
            }
        }
    }

    private static boolean isCommitted(byte[] page, int offset) {
        int mask = u16(page, offset + INFO_MASK);
        return (mask & XMIN_FROZEN) == XMIN_FROZEN || (mask & XMIN_INVALID) == 0;
    }

    private static boolean isAlive(byte[] page, int offset) {
        return i32(page, offset + XMAX) == 0 || (u16(page, offset + INFO_MASK) & XMAX_INVALID) != 0;
    }

    static int u16(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    static int i32(byte[] bytes, int at) {
        return u16(bytes, at) | u16(bytes, at + 2) << 16;
    }
}

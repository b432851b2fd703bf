package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a record's main data from its beginning, within its bounds. */
final class RecordBody {
    private static final long SECONDS_TO_2000 = 946_684_800;
    private static final long MICROS = 1_000_000;
    private static final int INVALIDATION_BYTES = 16;
    private static final int RELCACHE = -2;

    private final WalRecord record;
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;

    RecordBody(WalRecord record) {
        this.record = record;
        bytes = record.bytes();
        start = record.mainDataOffset();
        end = start + record.mainDataAtHand();
        at = start;
    }

    private int take(long count) {
        if (count < 0 || count > end - at) {
            throw malformed("its main data has " + record.mainDataLength() + " bytes, " + (end - start)
                    + " of them at hand; " + count + " more are expected at " + (at - start));
        }
        int taken = at;
        at += (int) count;
        return taken;
    }

    WalRecordException malformed(String reason) {
        return new WalRecordException("Cannot read the record at " + new Lsn(record.startLsn()) + " (resource manager "
                + record.resourceManager() + ", info " + record.info() + "): " + reason);
    }

    void skip(long count) {
        take(count);
    }

    /** Moves to a position counted from the beginning of the main data. */
    RecordBody moveTo(int position) {
        at = start;
        take(position);
        return this;
    }

    /** Moves to the next multiple of 8 bytes, as {@code MAXALIGN} does. */
    void align() {
        take(-(at - start) & 7);
    }

    boolean isAtEnd() {
        return at == end;
    }

    int u8() {
        return LittleEndian.u8(bytes, take(1));
    }

    int u16() {
        return LittleEndian.u16(bytes, take(2));
    }

    int i32() {
        return LittleEndian.i32(bytes, take(4));
    }

    long u32() {
        return LittleEndian.u32(bytes, take(4));
    }

    long i64() {
        return LittleEndian.i64(bytes, take(8));
    }

    Lsn lsn() {
        return new Lsn(i64());
    }

    /** Reads a time: microseconds since 2000. */
    Instant time() {
        long micros = i64();
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS) + SECONDS_TO_2000, Math.floorMod(micros, MICROS) * 1000);
    }

    /** Reads a time in the other form: seconds since 1970. */
    Instant seconds() {
        long seconds = i64();
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw malformed(seconds + " is no time");
        }
        return Instant.ofEpochSecond(seconds);
    }

    TimelineId timeline() {
        long number = u32();
        if (number == 0) {
            throw malformed("timeline 0");
        }
        return new TimelineId(number);
    }

    WalLevel walLevel() {
        int level = i32();
        return switch (level) {
            case 0 -> WalLevel.MINIMAL;
            case 1 -> WalLevel.REPLICA;
            case 2 -> WalLevel.LOGICAL;
            default -> throw malformed("wal_level " + level);
        };
    }

    /** Reads the number of items that follow, and makes sure that they do. */
    int count(int itemBytes) {
        int count = i32();
        requireItems(count, itemBytes);
        return count;
    }

    void requireItems(int count, int itemBytes) {
        if (count < 0 || (long) count * itemBytes > end - at) {
            throw malformed(count + " items of " + itemBytes + " bytes don't fit into what is at hand");
        }
    }

    List<Long> numbers(int count) {
        requireItems(count, Integer.BYTES);
        List<Long> numbers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            numbers.add(u32());
        }
        return numbers;
    }

    RelationFile file() {
        return new RelationFile(u32(), u32(), u32());
    }

    List<RelationFile> files(int count) {
        requireItems(count, 12);
        List<RelationFile> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            files.add(file());
        }
        return files;
    }

    /** Reads cache invalidations: {@code SharedInvalidationMessage}. Keeps those of single relations. */
    List<RelationId> invalidations(int count) {
        requireItems(count, INVALIDATION_BYTES);
        Set<RelationId> relations = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            int message = take(INVALIDATION_BYTES);
            long relation = LittleEndian.u32(bytes, message + 8);
            if (bytes[message] == RELCACHE && relation != 0) {
                relations.add(new RelationId(LittleEndian.u32(bytes, message + 4), relation));
            }
        }
        return List.copyOf(relations);
    }

    /** Reads a text that ends with a zero byte, and the zero byte. */
    String text() {
        int from = at;
        while (u8() != 0) {
            // Only looks for the end.
        }
        return decoded(from, at - 1);
    }

    /** Reads a field of fixed length that holds a text, up to the first zero byte if there is one. */
    String text(int fieldBytes) {
        int from = take(fieldBytes);
        int until = from;
        while (until < from + fieldBytes && bytes[until] != 0) {
            until++;
        }
        return decoded(from, until);
    }

    // The WAL doesn't tell the encoding of the database in which a name was given.
    private String decoded(int from, int until) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, until - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, from, until - from, StandardCharsets.ISO_8859_1);
        }
    }
}

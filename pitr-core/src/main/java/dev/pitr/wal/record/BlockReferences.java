package dev.pitr.wal.record;

import static dev.pitr.wal.record.LittleEndian.i32;
import static dev.pitr.wal.record.LittleEndian.u16;
import static dev.pitr.wal.record.LittleEndian.u8;

import dev.pitr.wal.PostgresVersion;

/**
 * The block references of one record and where its data lies: {@code DecodeXLogRecord} in PostgreSQL's
 * {@code xlogreader.c}. Used again for the next record.
 */
final class BlockReferences {
    static final int MAX_BLOCKS = 33;

    private static final int PAGE_BYTES = 8192;
    private static final int TOP_LEVEL_XID = 252;
    private static final int ORIGIN = 253;
    private static final int LONG_MAIN_DATA = 254;
    private static final int SHORT_MAIN_DATA = 255;

    private static final int HAS_IMAGE = 0x10;
    private static final int HAS_DATA = 0x20;
    private static final int SAME_RELATION = 0x80;
    private static final int HAS_HOLE = 0x01;

    private final int[] ids = new int[MAX_BLOCKS];
    private final int[] flags = new int[MAX_BLOCKS];
    private final int[] tablespaces = new int[MAX_BLOCKS];
    private final int[] databases = new int[MAX_BLOCKS];
    private final int[] numbers = new int[MAX_BLOCKS];
    private final int[] blocks = new int[MAX_BLOCKS];
    private final int[] imageLengths = new int[MAX_BLOCKS];
    private final int[] imageFlags = new int[MAX_BLOCKS];
    private final int[] dataLengths = new int[MAX_BLOCKS];
    private boolean topLevelXids;
    private int compressedFlags;

    private int count;
    private int topLevelXid;
    private int origin;
    private int mainDataLength;
    private int dataStart;

    private byte[] bytes = {};
    private int at;
    private int limit;

    void use(PostgresVersion version) {
        topLevelXids = version.isAtLeast(PostgresVersion.V14);
        compressedFlags = version.isAtLeast(PostgresVersion.V15) ? 0x1C : 0x02;
    }

    /**
     * Reads the headers of a record.
     *
     * @param retained how many bytes of the record are at hand
     * @return whether they are valid
     */
    boolean read(byte[] record, int offset, int length, int retained) {
        bytes = record;
        at = offset + RecordHeader.BYTES;
        limit = offset + retained;
        count = 0;
        topLevelXid = 0;
        origin = 0;
        mainDataLength = 0;
        int end = offset + length;
        long dataTotal = 0;
        while (end - at > dataTotal) {
            if (at >= limit) {
                return false;
            }
            int id = u8(bytes, at++);
            if (id < MAX_BLOCKS) {
                if (!readBlock(id)) {
                    return false;
                }
                dataTotal += dataLengths[count] + imageLengths[count];
                count++;
            } else if (id >= LONG_MAIN_DATA) {
                if (!readMainDataLength(id)) {
                    return false;
                }
                dataTotal += mainDataLength;
                break;
            } else if (!readOther(id)) {
                return false;
            }
        }
        dataStart = at - offset;
        return end - at == dataTotal;
    }

    private boolean readMainDataLength(int id) {
        int size = id == SHORT_MAIN_DATA ? 1 : 4;
        if (limit - at < size) {
            return false;
        }
        mainDataLength = size == 1 ? u8(bytes, at) : i32(bytes, at);
        at += size;
        return mainDataLength >= 0;
    }

    private boolean readOther(int id) {
        int size = id == ORIGIN ? 2 : 4;
        if (limit - at < size || id < TOP_LEVEL_XID || (id == TOP_LEVEL_XID && !topLevelXids)) {
            return false;
        }
        if (id == ORIGIN) {
            origin = u16(bytes, at);
        } else {
            topLevelXid = i32(bytes, at);
        }
        at += size;
        return true;
    }

    private boolean readBlock(int id) {
        if (limit - at < 3 || (count > 0 && id <= ids[count - 1])) {
            return false;
        }
        int fork = u8(bytes, at);
        int dataLength = u16(bytes, at + 1);
        at += 3;
        ids[count] = id;
        flags[count] = fork;
        dataLengths[count] = dataLength;
        imageLengths[count] = 0;
        imageFlags[count] = 0;
        return (fork & HAS_DATA) != 0 == dataLength > 0
                && ((fork & HAS_IMAGE) == 0 || readImage())
                && readRelation((fork & SAME_RELATION) != 0);
    }

    private boolean readImage() {
        if (limit - at < 5) {
            return false;
        }
        int length = u16(bytes, at);
        int holeOffset = u16(bytes, at + 2);
        int bits = u8(bytes, at + 4);
        at += 5;
        boolean hasHole = (bits & HAS_HOLE) != 0;
        boolean isCompressed = (bits & compressedFlags) != 0;
        int holeLength = isCompressed ? 0 : PAGE_BYTES - length;
        if (isCompressed && hasHole) {
            if (limit - at < 2) {
                return false;
            }
            holeLength = u16(bytes, at);
            at += 2;
        }
        imageLengths[count] = length;
        imageFlags[count] = bits;
        boolean isHoleTold = hasHole
                ? holeOffset != 0 && holeLength != 0 && length != PAGE_BYTES
                : holeOffset == 0 && holeLength == 0;
        return isHoleTold && (isCompressed ? length != PAGE_BYTES : hasHole || length == PAGE_BYTES);
    }

    private boolean readRelation(boolean isSame) {
        if (limit - at < (isSame ? 4 : 16) || (isSame && count == 0)) {
            return false;
        }
        if (isSame) {
            tablespaces[count] = tablespaces[count - 1];
            databases[count] = databases[count - 1];
            numbers[count] = numbers[count - 1];
        } else {
            tablespaces[count] = i32(bytes, at);
            databases[count] = i32(bytes, at + 4);
            numbers[count] = i32(bytes, at + 8);
            at += 12;
        }
        blocks[count] = i32(bytes, at);
        at += 4;
        return true;
    }

    int count() {
        return count;
    }

    int id(int index) {
        return ids[index];
    }

    int fork(int index) {
        return flags[index] & 0x0F;
    }

    boolean hasImage(int index) {
        return (flags[index] & HAS_IMAGE) != 0;
    }

    int imageFlags(int index) {
        return imageFlags[index];
    }

    int imageLength(int index) {
        return imageLengths[index];
    }

    int dataLength(int index) {
        return dataLengths[index];
    }

    int tablespace(int index) {
        return tablespaces[index];
    }

    int database(int index) {
        return databases[index];
    }

    int number(int index) {
        return numbers[index];
    }

    int block(int index) {
        return blocks[index];
    }

    int topLevelXid() {
        return topLevelXid;
    }

    int origin() {
        return origin;
    }

    int mainDataLength() {
        return mainDataLength;
    }

    /** Where the blocks' images and data begin, counted from the record's first byte. */
    int dataStart() {
        return dataStart;
    }
}

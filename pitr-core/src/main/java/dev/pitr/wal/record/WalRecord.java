package dev.pitr.wal.record;

import static dev.pitr.wal.record.LittleEndian.i64;
import static dev.pitr.wal.record.LittleEndian.u32;
import static dev.pitr.wal.record.LittleEndian.u8;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.Optional;

/**
 * The record at which a {@link WalCursor} stands: a view on its bytes, which shows the next record once the cursor has
 * moved.
 *
 * <p>Transaction ids, OIDs and block numbers are unsigned 32-bit numbers in a {@code long}; positions are unsigned 64-bit
 * numbers. Fields are those of {@code XLogRecord} and {@code DecodedBkpBlock} in PostgreSQL's {@code xlogrecord.h} and
 * {@code xlogreader.h}.
 */
public final class WalRecord {
    private final BlockReferences blocks = new BlockReferences();
    private PostgresVersion version = PostgresVersion.V18;
    private byte[] bytes = {};
    private int offset;
    private int length;
    private int retained;
    private long start;
    private long end;

    WalRecord() {}

    void use(PostgresVersion writer) {
        version = writer;
        blocks.use(writer);
    }

    /** Returns whether the record's layout is valid. */
    boolean set(byte[] from, int at, int totalBytes, int retainedBytes) {
        bytes = from;
        offset = at;
        length = totalBytes;
        retained = retainedBytes;
        return blocks.read(from, at, totalBytes, retainedBytes);
    }

    void place(long startLsn, long endLsn) {
        start = startLsn;
        end = endLsn;
    }

    /**
     * Returns the version that wrote the record.
     *
     * @return as the magic of its page says
     */
    public PostgresVersion version() {
        return version;
    }

    /**
     * Returns where the record begins.
     *
     * @return the position of its first byte
     */
    public long startLsn() {
        return start;
    }

    /**
     * Returns where the record ends.
     *
     * @return the server's {@code EndRecPtr}: rounded up to 8 bytes; the start of the next segment for a segment switch
     */
    public long endLsn() {
        return end;
    }

    /**
     * Returns the link to the record before.
     *
     * @return the position of its first byte
     */
    public long previousLsn() {
        return i64(bytes, offset + RecordHeader.PREVIOUS);
    }

    /**
     * Returns the transaction that wrote the record.
     *
     * @return its id, perhaps a subtransaction's; 0 for none
     */
    public long xid() {
        return u32(bytes, offset + RecordHeader.XID);
    }

    /**
     * Returns the id of the resource manager.
     *
     * @return 0 to 255: {@code rmgrlist.h}, the same in versions 13 to 18; from 128 on an extension's
     */
    public int resourceManager() {
        return u8(bytes, offset + RecordHeader.RESOURCE_MANAGER);
    }

    /**
     * Returns the name of the resource manager.
     *
     * @return as {@code pg_waldump} prints it, such as {@code Heap}
     */
    public String resourceManagerName() {
        return ResourceManagers.name(resourceManager());
    }

    /**
     * Returns the name of what the resource manager did.
     *
     * @return as {@code pg_waldump} of the version prints it, such as {@code HOT_UPDATE}
     */
    public String operationName() {
        return OperationNames.of(version).name(resourceManager(), info());
    }

    /**
     * Returns the info bits.
     *
     * @return 8 bits, the upper 4 of which belong to the resource manager
     */
    public int info() {
        return u8(bytes, offset + RecordHeader.INFO);
    }

    /**
     * Returns the record's length.
     *
     * @return bytes, with the header, without page headers and padding
     */
    public int length() {
        return length;
    }

    /**
     * Returns the array that holds the record. Not to be changed.
     *
     * @return holds {@link #retainedLength()} bytes of it from {@link #offset()} on
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Returns where the record begins in its array.
     *
     * @return an index into {@link #bytes()}
     */
    public int offset() {
        return offset;
    }

    /**
     * Returns how much of the record is at hand.
     *
     * @return {@link #length()}, less if the record is longer than the cursor's limit
     */
    public int retainedLength() {
        return retained;
    }

    /**
     * Returns the length of the main data, the part that belongs to no block.
     *
     * @return bytes
     */
    public int mainDataLength() {
        return blocks.mainDataLength();
    }

    /**
     * Returns where the main data begins. It is the last part of the record.
     *
     * @return an index into {@link #bytes()}
     */
    public int mainDataOffset() {
        return offset + length - blocks.mainDataLength();
    }

    /**
     * Returns how much of the main data is at hand.
     *
     * @return {@link #mainDataLength()}, less if the record is longer than the cursor's limit
     */
    public int mainDataAtHand() {
        return Math.max(0, blocks.mainDataLength() - (length - retained));
    }

    /**
     * Returns the transaction to which the record's subtransaction belongs, if the record tells.
     *
     * @return 0 if not told
     */
    public long topLevelXid() {
        return Integer.toUnsignedLong(blocks.topLevelXid());
    }

    /**
     * Returns the replication origin.
     *
     * @return its id, 0 for none
     */
    public int replicationOrigin() {
        return blocks.origin();
    }

    /**
     * Returns how many blocks the record refers to.
     *
     * @return 0 to 33
     */
    public int blockCount() {
        return blocks.count();
    }

    /**
     * Returns a block reference's id. Ids ascend and may have gaps.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return 0 to 32
     */
    public int blockId(int index) {
        return blocks.id(requireBlock(index));
    }

    /**
     * Returns the files of a block's relation.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return a new value
     */
    public RelationFile blockFile(int index) {
        return new RelationFile(blockTablespace(index), blockDatabase(index), blockFileNumber(index));
    }

    /**
     * Returns the tablespace of a block's relation.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return its OID
     */
    public long blockTablespace(int index) {
        return Integer.toUnsignedLong(blocks.tablespace(requireBlock(index)));
    }

    /**
     * Returns the database of a block's relation.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return its OID, 0 for shared relations
     */
    public long blockDatabase(int index) {
        return Integer.toUnsignedLong(blocks.database(requireBlock(index)));
    }

    /**
     * Returns the file number of a block's relation.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return the number in the file's name
     */
    public long blockFileNumber(int index) {
        return Integer.toUnsignedLong(blocks.number(requireBlock(index)));
    }

    /**
     * Returns a block's fork.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return 0 main, 1 free space map, 2 visibility map, 3 init
     */
    public int blockFork(int index) {
        return blocks.fork(requireBlock(index));
    }

    /**
     * Returns a block's place in its fork.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return its number, in blocks of 8 KiB
     */
    public long blockNumber(int index) {
        return Integer.toUnsignedLong(blocks.block(requireBlock(index)));
    }

    /**
     * Returns the size of a block's full-page image.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return bytes in the record, 0 without an image
     */
    public int blockImageLength(int index) {
        return blocks.imageLength(requireBlock(index));
    }

    /**
     * Returns the size of a block's data, without its image.
     *
     * @param index 0 to less than {@link #blockCount()}
     * @return bytes
     */
    public int blockDataLength(int index) {
        return blocks.dataLength(requireBlock(index));
    }

    private int requireBlock(int index) {
        if (index < 0 || index >= blocks.count()) {
            throw new IndexOutOfBoundsException("Block " + index + " of " + blocks.count());
        }
        return index;
    }

    /**
     * Returns what the record does to rows. The relation is that of the first block; other blocks don't count.
     *
     * @return {@link RowOperation#NONE} for all but inserts, updates and deletes
     */
    public RowOperation rowOperation() {
        return blocks.count() == 0 ? RowOperation.NONE : HeapChanges.operation(this);
    }

    /**
     * Returns how many rows the {@linkplain #rowOperation() operation} concerns.
     *
     * @return 1, or more for rows inserted together; without meaning if the operation is none
     */
    public int rows() {
        return HeapChanges.rows(this);
    }

    /**
     * Reads the record as a value if it is one of those that matter to recovery.
     *
     * @return empty for other records
     * @throws WalRecordException if the record's body is not what a server of that version writes, or longer than what is
     *     at hand
     */
    public Optional<WalEvent> event() {
        return Events.read(this);
    }

    /**
     * Describes in a line what the record did, for people.
     *
     * @return what an {@linkplain #event() event} tells, else the relations and blocks that were changed; empty if there is
     *     nothing to tell
     */
    public String description() {
        return RecordText.describe(this);
    }

    @Override
    public String toString() {
        return new Lsn(start) + " " + resourceManagerName() + " " + operationName() + ", " + length + " bytes";
    }
}

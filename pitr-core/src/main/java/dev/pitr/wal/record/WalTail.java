package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import java.util.Arrays;

/**
 * What is known where a cursor has read up its pages, so that another can go on there: the link to the last record, and
 * the beginning of a record that goes on in the next page.
 *
 * @param page the position of the page that follows
 * @param lastRecord the start of the last complete record, to which the next one links; {@link Lsn#ZERO} if none was read
 * @param recordStart the start of the unfinished record; {@link Lsn#ZERO} if there is none
 * @param receivedBytes how many bytes of the unfinished record came before {@code page}, 0 if there is none
 * @param bytes these bytes, or only the first of them
 */
// Equality and copies are its own.
@SuppressWarnings("ArrayRecordComponent")
public record WalTail(Lsn page, Lsn lastRecord, Lsn recordStart, long receivedBytes, byte[] bytes) {
    /** Copies the bytes. */
    public WalTail {
        bytes = bytes.clone();
        boolean isUnfinished = !recordStart.equals(Lsn.ZERO);
        if (isUnfinished ? receivedBytes < 8 || bytes.length < 8 : receivedBytes != 0) {
            throw new IllegalArgumentException("Unfinished record at " + recordStart + " has " + receivedBytes
                    + " bytes, " + bytes.length + " at hand: expected at least 8, or none if there is no such record");
        }
        if (bytes.length > receivedBytes) {
            throw new IllegalArgumentException(bytes.length + " bytes given of " + receivedBytes);
        }
    }

    /**
     * Tells whether a record goes on in the next page.
     *
     * @return false if the next record begins there
     */
    public boolean isUnfinished() {
        return receivedBytes > 0;
    }

    /**
     * Returns the bytes of the unfinished record.
     *
     * @return a copy
     */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WalTail tail
                && tail.page.equals(page)
                && tail.lastRecord.equals(lastRecord)
                && tail.recordStart.equals(recordStart)
                && tail.receivedBytes == receivedBytes
                && Arrays.equals(tail.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * page.hashCode() + recordStart.hashCode()) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return isUnfinished()
                ? receivedBytes + " bytes of the record at " + recordStart + " before " + page
                : "no unfinished record before " + page;
    }
}

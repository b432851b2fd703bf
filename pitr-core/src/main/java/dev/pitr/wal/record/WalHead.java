package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.Arrays;

/**
 * The rest of a record that began before the first page that a cursor was given.
 *
 * @param version the version that wrote it
 * @param page the position of the first page
 * @param kind whether there is such a rest
 * @param lengthBytes how many bytes of the record are still to come from {@code page} on, 0 if none
 * @param receivedBytes how many of them were in the pages given: less than {@code lengthBytes} if the record goes on
 *     beyond them
 * @param bytes these bytes, or only the first of them
 * @param end where the record ends if it does in the pages given, else where the pages end
 */
// Equality and copies are its own.
@SuppressWarnings("ArrayRecordComponent")
public record WalHead(
        PostgresVersion version, Lsn page, Kind kind, long lengthBytes, long receivedBytes, byte[] bytes, Lsn end) {
    /** How the first page begins. */
    public enum Kind {
        /** With a record of its own. */
        RECORD,
        /** With the rest of a record that began before. */
        CONTINUATION,
        /** With a record that stands in place of the rest of one that was lost in a crash. */
        OVERWRITTEN
    }

    /** Copies the bytes. */
    public WalHead {
        bytes = bytes.clone();
        if (lengthBytes < 0 || receivedBytes < 0 || receivedBytes > lengthBytes || bytes.length > receivedBytes) {
            throw new IllegalArgumentException(bytes.length + " bytes at hand of " + receivedBytes + " received of "
                    + lengthBytes + ": expected ascending numbers");
        }
    }

    /**
     * Tells whether the record ends in the pages given.
     *
     * @return false if more of it must follow
     */
    public boolean isComplete() {
        return receivedBytes == lengthBytes;
    }

    /**
     * Returns the bytes of the record's rest.
     *
     * @return a copy
     */
    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WalHead head
                && head.version == version
                && head.page.equals(page)
                && head.kind == kind
                && head.lengthBytes == lengthBytes
                && head.receivedBytes == receivedBytes
                && Arrays.equals(head.bytes, bytes)
                && head.end.equals(end);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * page.hashCode() + Long.hashCode(lengthBytes)) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return kind + " at " + page + ", " + receivedBytes + " of " + lengthBytes + " bytes";
    }
}

package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rare record that a summary keeps byte for byte, so that what it says is read from itself, now and by later versions of
 * pitr. Immutable.
 */
public final class KeptRecord {
    /** Longer records are not kept. */
    static final int MAX_BYTES = 4096;

    private final Lsn start;
    private final Lsn end;
    private final byte[] bytes;

    private KeptRecord(Lsn start, Lsn end, byte[] bytes) {
        this.start = start;
        this.end = end;
        this.bytes = bytes;
    }

    /**
     * Keeps a record.
     *
     * @param start its first byte
     * @param end where it ends, the server's {@code EndRecPtr}
     * @param bytes the whole record, from its header on, without page headers
     * @return the record
     * @throws IllegalArgumentException if it is longer than 4 KiB, or shorter than a record's header
     */
    public static KeptRecord of(Lsn start, Lsn end, byte[] bytes) {
        if (bytes.length < RecordHeader.BYTES || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("Cannot keep a record of " + bytes.length + " bytes: expected "
                    + RecordHeader.BYTES + " to " + MAX_BYTES);
        }
        return new KeptRecord(start, end, bytes.clone());
    }

    /**
     * Returns where it begins.
     *
     * @return the position of its first byte
     */
    public Lsn start() {
        return start;
    }

    /**
     * Returns where it ends.
     *
     * @return the server's {@code EndRecPtr}
     */
    public Lsn end() {
        return end;
    }

    /**
     * Returns the record.
     *
     * @return a copy of its bytes
     */
    public byte[] bytes() {
        return bytes.clone();
    }

    int length() {
        return bytes.length;
    }

    /**
     * Reads it.
     *
     * @param version the version that wrote it
     * @return what it says; empty if it is none that matters to recovery, as far as this version of pitr knows
     * @throws WalRecordException if its body is not what a server of that version writes
     */
    public Optional<WalEvent> event(PostgresVersion version) {
        WalRecord record = new WalRecord();
        record.use(version);
        record.place(start.value(), end.value());
        return record.set(bytes, 0, bytes.length, bytes.length) ? record.event() : Optional.empty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeptRecord that
                && that.start.equals(start)
                && that.end.equals(end)
                && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return start.hashCode();
    }

    @Override
    public String toString() {
        return bytes.length + " bytes at " + start;
    }
}

package dev.pitr.wal.record;

import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A part of a record that goes over a boundary between segments: its first and last bytes, and the CRC-32C of all of them.
 *
 * <p>Bounded: the middle of a long part is left out. That is where page images and lists lie; what tells a record's kind
 * comes first, and a row change's own data last. Immutable.
 */
public final class RecordFragment {
    /** No bytes. */
    public static final RecordFragment EMPTY = new RecordFragment(0, 0, new byte[0], new byte[0]);

    /** How many bytes are kept from each end of a part that is longer than twice this. */
    static final int EDGE_BYTES = 1024;

    private final long length;
    private final @Nullable Integer crc;
    private final byte[] prefix;
    private final byte[] suffix;

    private RecordFragment(long length, @Nullable Integer crc, byte[] prefix, byte[] suffix) {
        this.length = length;
        this.crc = crc;
        this.prefix = prefix;
        this.suffix = suffix;
    }

    /**
     * Puts a fragment together from what was stored of it.
     *
     * @param length how many bytes it has, 0 or more
     * @param crc the CRC-32C of all of them, null if not known
     * @param prefix the first of them, or all
     * @param suffix the last of them; empty if the prefix has all
     * @return the fragment
     * @throws IllegalArgumentException if the parts don't fit the length, or are longer than a fragment keeps
     */
    public static RecordFragment of(long length, @Nullable Integer crc, byte[] prefix, byte[] suffix) {
        boolean isWhole = prefix.length == length;
        int limit = isWhole ? 2 * EDGE_BYTES : EDGE_BYTES;
        if (prefix.length > limit
                || suffix.length > EDGE_BYTES
                || (long) prefix.length + suffix.length > length
                || (crc == null && isWhole)) {
            throw new IllegalArgumentException("A fragment of " + length + " bytes doesn't begin with " + prefix.length
                    + " and end with " + suffix.length);
        }
        return new RecordFragment(length, crc, prefix.clone(), suffix.clone());
    }

    /** Of the bytes at hand: all of them, or only the first. */
    static RecordFragment of(byte[] bytes, long length) {
        RecordFragment start = of(bytes);
        boolean isAll = bytes.length == length;
        return isAll ? start : new RecordFragment(length, null, start.first(EDGE_BYTES), new byte[0]);
    }

    private static RecordFragment of(byte[] bytes) {
        int crc = CrcArithmetic.of(bytes, 0, bytes.length);
        return bytes.length <= 2 * EDGE_BYTES
                ? new RecordFragment(bytes.length, crc, bytes.clone(), new byte[0])
                : new RecordFragment(
                        bytes.length,
                        crc,
                        Arrays.copyOf(bytes, EDGE_BYTES),
                        Arrays.copyOfRange(bytes, bytes.length - EDGE_BYTES, bytes.length));
    }

    /** This part and the one that follows it. Associative. */
    RecordFragment followedBy(RecordFragment next) {
        long total = length + next.length;
        Integer ofBoth =
                crc == null || next.crc == null ? null : CrcArithmetic.concatenated(crc, next.crc, next.length);
        if (isWhole() && next.isWhole() && total <= 2 * EDGE_BYTES) {
            return new RecordFragment(total, ofBoth, joined(prefix, next.prefix), new byte[0]);
        }
        byte[] start = isWhole() ? joined(prefix, next.prefix) : prefix;
        byte[] end = next.isWhole() ? joined(isWhole() ? prefix : suffix, next.prefix) : next.suffix;
        return new RecordFragment(
                total,
                ofBoth,
                Arrays.copyOf(start, Math.min(start.length, EDGE_BYTES)),
                Arrays.copyOfRange(end, Math.max(0, end.length - EDGE_BYTES), end.length));
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /** The first bytes, not copied. */
    byte[] edge() {
        return prefix;
    }

    /** All bytes, those left out as zeros. */
    byte[] filled() {
        byte[] all = Arrays.copyOf(prefix, Math.toIntExact(length));
        System.arraycopy(suffix, 0, all, all.length - suffix.length, suffix.length);
        return all;
    }

    private byte[] first(int count) {
        return Arrays.copyOf(prefix, Math.min(prefix.length, count));
    }

    /**
     * Returns how many bytes the part has.
     *
     * @return 0 or more
     */
    public long length() {
        return length;
    }

    /**
     * Returns the checksum of all its bytes.
     *
     * @return CRC-32C; empty if the part was too long to be seen whole
     */
    public OptionalInt crc() {
        return crc == null ? OptionalInt.empty() : OptionalInt.of(crc);
    }

    /**
     * Returns its first bytes.
     *
     * @return a copy; all of them if {@link #isWhole()}
     */
    public byte[] prefix() {
        return prefix.clone();
    }

    /**
     * Returns its last bytes.
     *
     * @return a copy; empty if {@link #isWhole()}
     */
    public byte[] suffix() {
        return suffix.clone();
    }

    /**
     * Tells whether no byte is left out.
     *
     * @return true if {@link #prefix()} is all
     */
    public boolean isWhole() {
        return prefix.length == length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordFragment that
                && that.length == length
                && Objects.equals(that.crc, crc)
                && Arrays.equals(that.prefix, prefix)
                && Arrays.equals(that.suffix, suffix);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(length) + Arrays.hashCode(prefix);
    }

    @Override
    public String toString() {
        return length + " bytes";
    }
}

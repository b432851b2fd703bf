package dev.pitr.backup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A buffer for one frame: raw bytes as cut from the server's archive, then their compressed form. Reused for the length
 * of a backup; belongs to one thread at a time.
 */
final class Frame {
    /** Raw bytes, {@link #rawLength} of them. */
    final byte[] raw;

    /** Compressed bytes, {@link #storedLength} of them. */
    final byte[] stored;

    /** Names of the members whose header is in this frame. */
    private List<String> members = new ArrayList<>();

    int rawLength;
    int storedLength;
    String storedSha256 = "";

    Frame(int maxRawLength, int maxStoredLength) {
        raw = new byte[maxRawLength];
        stored = new byte[maxStoredLength];
    }

    void append(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, raw, rawLength, length);
        rawLength += length;
    }

    void appendZeros(int length) {
        Arrays.fill(raw, rawLength, rawLength + length, (byte) 0);
        rawLength += length;
    }

    void addMember(String name) {
        members.add(name);
    }

    List<String> members() {
        return members;
    }

    /** Empties the frame for its next use. */
    void clear() {
        members = new ArrayList<>();
        rawLength = 0;
        storedLength = 0;
        storedSha256 = "";
    }
}

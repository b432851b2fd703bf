package dev.pitr.backup;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the server's tar archives while they stream by, in pieces of any size, and hands their members to a
 * {@link PartCutter}.
 *
 * <p>A server of version 15 or newer ends an archive with two zero blocks, one of 13 or 14 ends it with its last member
 * ({@code basebackup.c}): both are understood, and neither way passes zero blocks on. One thread.
 */
final class TarCutter {
    private static final int MAX_CAPTURED = 1 << 20;
    private static final byte[] ZEROS = new byte[TarMember.BLOCK];
    private static final byte[] NOT_CAPTURED = {};

    private final PartCutter parts;
    private final Set<String> captured;
    private final Map<String, byte[]> capturedContents = new TreeMap<>();
    private final byte[] header = new byte[TarMember.BLOCK];

    private String archive = "";
    private int headerLength;
    private boolean ended;
    /** Bytes of content and padding of the present member that are still to come. */
    private long remaining;

    private byte[] capture = NOT_CAPTURED;
    private int captureLength;

    /**
     * Creates a reader.
     *
     * @param parts takes the members
     * @param captured names of small members whose content is kept as it goes by
     */
    TarCutter(PartCutter parts, Set<String> captured) {
        this.parts = parts;
        this.captured = Set.copyOf(captured);
    }

    /** Begins the archive of a tablespace, or of the data directory if the OID is 0. */
    void beginArchive(int tablespaceOid) {
        archive = PartName.firstOf(tablespaceOid).folder();
        ended = false;
        parts.beginArchive(tablespaceOid);
    }

    /** Takes bytes of the archive. */
    void accept(byte[] buffer, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            at += remaining > 0 ? acceptContent(buffer, at, end - at) : acceptHeader(buffer, at, end - at);
        }
    }

    /** Ends the archive. */
    void endArchive() {
        if (remaining > 0 || headerLength > 0) {
            throw TarMember.malformed(archive, "it ends in the middle of a member");
        }
        parts.endArchive();
    }

    /** Returns the content of the captured members that have gone by, by name. */
    Map<String, byte[]> capturedContents() {
        return capturedContents;
    }

    private int acceptContent(byte[] buffer, int offset, int length) {
        int taken = (int) Math.min(length, remaining);
        parts.append(buffer, offset, taken);
        int kept = Math.min(taken, capture.length - captureLength);
        System.arraycopy(buffer, offset, capture, captureLength, kept);
        captureLength += kept;
        remaining -= taken;
        return taken;
    }

    private int acceptHeader(byte[] buffer, int offset, int length) {
        int taken = Math.min(length, TarMember.BLOCK - headerLength);
        System.arraycopy(buffer, offset, header, headerLength, taken);
        headerLength += taken;
        if (headerLength == TarMember.BLOCK) {
            headerLength = 0;
            acceptWholeHeader();
        }
        return taken;
    }

    private void acceptWholeHeader() {
        if (Arrays.equals(header, ZEROS)) {
            ended = true;
            return;
        }
        if (ended) {
            throw TarMember.malformed(archive, "something follows its end");
        }
        TarMember member = TarMember.parse(header, archive);
        parts.beginMember(member, header);
        remaining = member.paddedSizeBytes();
        beginCapture(member);
    }

    private void beginCapture(TarMember member) {
        capture = NOT_CAPTURED;
        captureLength = 0;
        if (captured.contains(member.name())) {
            if (member.sizeBytes() > MAX_CAPTURED) {
                throw TarMember.malformed(archive, "\"" + member.name() + "\" has " + member.sizeBytes() + " bytes");
            }
            capture = new byte[(int) member.sizeBytes()];
            capturedContents.put(member.name(), capture);
        }
    }
}

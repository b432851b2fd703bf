package dev.pitr.repository;

import java.util.List;

/**
 * A frame: a stretch of a part that can be read and decompressed alone. It holds either whole tar members, or one
 * slice of a single large one: the first slice begins with the member's header and names it, the others name none.
 * The last frame of a part ends with the two zero blocks of a tar archive's end.
 *
 * @param offset of its stored bytes in the part
 * @param storedLength its stored length
 * @param rawLength its length after decompression
 * @param sha256 SHA-256 of the stored bytes of this frame, 64 lower-case hexadecimal digits
 * @param members names of the tar members that start in this frame, in order
 */
public record PartFrame(long offset, long storedLength, long rawLength, String sha256, List<String> members) {
    /** Copies the list. */
    public PartFrame {
        members = List.copyOf(members);
    }
}

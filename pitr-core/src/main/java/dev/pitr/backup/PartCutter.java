package dev.pitr.backup;

import org.jspecify.annotations.Nullable;

/**
 * Lays tar members into frames and frames into parts.
 *
 * <p>A part begins with a member's header and ends with the two zero blocks of a whole archive. A frame holds either
 * whole members or one slice of a single larger one; the slices of a member are of nearly the same length, so that none
 * is tiny. WAL that the server appends to the data directory's archive goes to parts of its own.
 *
 * <p>Every byte is copied once, from the socket's buffer into a frame. One thread.
 */
final class PartCutter {
    /** The two zero blocks that end an archive; a frame has room for them beyond its nominal size. */
    static final int TRAILER = 2 * TarMember.BLOCK;

    private static final String WAL_PREFIX = "pg_wal/";

    private final FrameOutput output;
    private final Limits limits;

    private PartName basePart = PartName.firstOf(0);
    private PartName walPart = PartName.firstOfWal();
    private boolean archiveHasParts;
    private @Nullable PartName part;
    private long partLength;
    private int partMembers;

    private @Nullable Frame frame;
    /** How long the slices of the present member are, or the frame's nominal size if it is whole in one. */
    private int sliceLength;

    private boolean sliced;
    private long fileCount;
    private long archiveBytes;

    /**
     * The bounds of frames and parts.
     *
     * @param frameSize raw bytes of a frame at most, a multiple of 512
     * @param partSize raw bytes after which a part ends with its present member
     * @param partMembers members after which a part ends, which bounds the memory that its index takes
     */
    record Limits(int frameSize, long partSize, int partMembers) {
        Limits {
            if (frameSize < 2 * TarMember.BLOCK || frameSize % TarMember.BLOCK != 0) {
                throw new IllegalArgumentException("Frame size " + frameSize + " is no multiple of 512 from 1024");
            }
        }
    }

    PartCutter(FrameOutput output, Limits limits) {
        this.output = output;
        this.limits = limits;
    }

    void beginArchive(int tablespaceOid) {
        basePart = PartName.firstOf(tablespaceOid);
        archiveHasParts = false;
        archiveBytes = 0;
    }

    /** Begins a member; its padded content follows by {@link #append}. */
    void beginMember(TarMember member, byte[] header) {
        boolean wal = member.regular()
                && basePart.tablespaceOid() == 0
                && member.name().startsWith(WAL_PREFIX);
        choosePart(wal);
        long length = TarMember.BLOCK + member.paddedSizeBytes();
        chooseFrame(length).addMember(member.name());
        partLength += length;
        partMembers++;
        if (member.regular() && !wal) {
            fileCount++;
            archiveBytes += member.sizeBytes();
        }
        append(header, 0, TarMember.BLOCK);
    }

    /** Appends bytes of the present member. */
    void append(byte[] buffer, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            Frame target = sliced ? nextSlice() : present();
            int taken = Math.min(left, sliceLength - target.rawLength);
            target.append(buffer, at, taken);
            at += taken;
            left -= taken;
        }
    }

    void endArchive() {
        if (!archiveHasParts) {
            choosePart(false);
        }
        endPart();
    }

    /** Returns how many regular files have gone by, carried WAL not counted. */
    long fileCount() {
        return fileCount;
    }

    /** Returns the bytes of the regular files of the present or last archive, carried WAL not counted. */
    long archiveBytes() {
        return archiveBytes;
    }

    private void choosePart(boolean wal) {
        PartName present = part;
        if (present != null) {
            boolean walNow = present.folder().equals(PartName.WAL_FOLDER);
            if (wal == walNow && partLength < limits.partSize() && partMembers < limits.partMembers()) {
                return;
            }
            endPart();
        }
        beginPart(wal);
    }

    private void beginPart(boolean wal) {
        PartName name;
        if (wal) {
            name = walPart;
            walPart = name.next();
        } else {
            name = basePart;
            basePart = name.next();
        }
        output.beginPart(name);
        part = name;
        partLength = 0;
        partMembers = 0;
        archiveHasParts = true;
    }

    private void endPart() {
        if (part != null) {
            Frame last = present();
            last.appendZeros(TRAILER);
            handOver(last);
            output.endPart();
            part = null;
        }
    }

    /** Chooses where a member of so many bytes begins: behind others if it fits whole, else in a frame of its own. */
    private Frame chooseFrame(long length) {
        Frame target = present();
        boolean fits = !sliced && length <= limits.frameSize() - target.rawLength;
        if (!fits && target.rawLength > 0) {
            handOver(target);
        }
        sliced = length > limits.frameSize();
        sliceLength = sliced ? sliceLength(length) : limits.frameSize();
        return present();
    }

    private int sliceLength(long length) {
        long slices = (length + limits.frameSize() - 1) / limits.frameSize();
        long even = (length + slices - 1) / slices;
        return (int) ((even + TarMember.BLOCK - 1) / TarMember.BLOCK * TarMember.BLOCK);
    }

    /** Returns the frame that takes the next byte of a sliced member. */
    private Frame nextSlice() {
        Frame target = present();
        if (target.rawLength == sliceLength) {
            handOver(target);
        }
        return present();
    }

    private Frame present() {
        Frame target = frame;
        if (target == null) {
            target = output.acquire();
            frame = target;
        }
        return target;
    }

    private void handOver(Frame filled) {
        output.frame(filled);
        frame = null;
    }
}

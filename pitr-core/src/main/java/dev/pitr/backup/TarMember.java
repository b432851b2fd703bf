package dev.pitr.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * One member of the server's tar archive, as its header tells.
 *
 * <p>A server sends regular files, directories and symbolic links, each with a single header block: it refuses names
 * that don't fit one ({@code tarCreateHeader} in {@code src/port/tar.c}). Anything else is no base backup.
 *
 * @param name the path in the archive; bytes that aren't UTF-8 are replaced by question marks
 * @param regular true for a regular file
 * @param sizeBytes the content's size, 0 or more
 */
record TarMember(String name, boolean regular, long sizeBytes) {
    static final int BLOCK = 512;

    private static final ZipEncoding UTF_8 = ZipEncodingHelper.getZipEncoding(StandardCharsets.UTF_8);

    /** Parses a header block that isn't all zero. */
    static TarMember parse(byte[] header, String archive) {
        TarArchiveEntry entry = parseEntry(header, archive);
        if (!entry.isCheckSumOK()) {
            throw malformed(archive, "the checksum of a member's header is wrong");
        }
        boolean regular = isRegular(entry.getLinkFlag());
        if (!regular && !entry.isDirectory() && !entry.isSymbolicLink()) {
            throw malformed(
                    archive, "member \"" + entry.getName() + "\" has type '" + (char) entry.getLinkFlag() + "'");
        }
        if (entry.getSize() < 0 || (!regular && entry.getSize() != 0) || entry.getSize() > Long.MAX_VALUE - 2 * BLOCK) {
            throw malformed(archive, "member \"" + entry.getName() + "\" has size " + entry.getSize());
        }
        if (entry.getName().isEmpty()) {
            throw malformed(archive, "a member has no name");
        }
        return new TarMember(entry.getName(), regular, entry.getSize());
    }

    private static TarArchiveEntry parseEntry(byte[] header, String archive) {
        try {
            return new TarArchiveEntry(header, UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            throw malformed(archive, "a member's header can't be read (" + e.getMessage() + ")");
        }
    }

    private static boolean isRegular(byte flag) {
        return flag == TarConstants.LF_NORMAL || flag == TarConstants.LF_OLDNORM;
    }

    /** Returns the bytes of content and padding that follow the header. */
    long paddedSizeBytes() {
        return (sizeBytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    static BackupException malformed(String archive, String reason) {
        return BackupException.malformed("Cannot read the server's archive \"" + archive + "\": " + reason
                + ". Check that nothing between server and client alters the stream, then take the backup again");
    }
}

package dev.pitr.restore;

import dev.pitr.repository.BackupPart;
import dev.pitr.restore.TargetTree.Access;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads parts and hands out their members; lets nothing pass but plain files and folders. Thread-safe: one part is one
 * thread's, different parts may run at once.
 */
final class PartUnpacker {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final int GROUP_READ = 0040;

    private final ManifestIndex manifest;
    private final Targets targets;
    private final Decompressor decompressor;

    /** Opens the compressed frames of a part as one stream of tar. */
    interface Decompressor {
        InputStream open(InputStream stored) throws IOException;
    }

    PartUnpacker(ManifestIndex manifest, Targets targets, Decompressor decompressor) {
        this.manifest = manifest;
        this.targets = targets;
        this.decompressor = decompressor;
    }

    /**
     * Unpacks one part.
     *
     * @param part what the backup recorded of it
     * @param stored its stored bytes; closed here
     */
    void unpack(BackupPart part, InputStream stored) {
        MemberFiles files = CarriedWalFiles.isCarriedWal(part)
                ? new CarriedWalFiles(targets.wal())
                : new ManifestFiles(manifest, targets.of(part.tablespaceOid()));
        try (VerifiedFrames verified = new VerifiedFrames(part, stored);
                InputStream raw = decompressor.open(verified);
                TarArchiveInputStream tar = new TarArchiveInputStream(raw, "UTF-8")) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                take(entry, tar, files, buffer);
            }
            requireOnlyZeros(part, raw, buffer);
            if (!verified.isComplete()) {
                throw VerifiedFrames.damaged(part.name(), "its compressed data end before the part does", null);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw VerifiedFrames.damaged(part.name(), "it can't be read as a tar archive (" + e.getMessage() + ")", e);
        }
    }

    private static void take(TarArchiveEntry entry, InputStream content, MemberFiles files, byte[] buffer)
            throws IOException {
        String name = entry.getName();
        Access access = (entry.getMode() & GROUP_READ) == 0 ? Access.OWNER : Access.GROUP;
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_DIR -> files.folder(name, access);
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM -> {
                if (name.endsWith("/")) {
                    files.folder(name, access);
                } else {
                    files.file(name, entry.getSize(), access, content, buffer);
                }
            }
            case TarConstants.LF_SYMLINK, TarConstants.LF_LINK ->
                throw MemberName.hostile(name, "it is a link to " + MemberName.printable(entry.getLinkName()));
            default -> throw MemberName.hostile(name, "it is neither a file nor a folder");
        }
    }

    private static void requireOnlyZeros(BackupPart part, InputStream raw, byte[] buffer) throws IOException {
        for (int n = raw.read(buffer); n >= 0; n = raw.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != 0) {
                    throw VerifiedFrames.damaged(part.name(), "data follow the end of its tar archive", null);
                }
            }
        }
    }
}

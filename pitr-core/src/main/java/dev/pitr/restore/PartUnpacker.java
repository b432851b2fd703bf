package dev.pitr.restore;

import dev.pitr.repository.BackupStore.Part;
import dev.pitr.restore.TargetTree.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks parts: writes each file once, under its checked name, compares it with the manifest while writing, and refuses
 * what no server sends. Thread-safe: one part is one thread's, different parts may run at once.
 */
final class PartUnpacker {
    /** What a server starts on; written where no server looks for it, and moved into place last. */
    static final String CONTROL_FILE = "global/pg_control";

    static final String STAGED_CONTROL_FILE = MemberName.RESTORE_FOLDER + "/pg_control";

    /** A standby's own; the restore decides anew what the server shall be, so these are never written. */
    static final Set<String> SIGNAL_FILES = Set.of("standby.signal", "recovery.signal");

    private static final int BUFFER_BYTES = 256 * 1024;

    private final ManifestIndex manifest;
    private final Targets targets;
    private final UnaryOperator<InputStream> decompress;

    PartUnpacker(ManifestIndex manifest, Targets targets, UnaryOperator<InputStream> decompress) {
        this.manifest = manifest;
        this.targets = targets;
        this.decompress = decompress;
    }

    /**
     * Unpacks one part.
     *
     * @param part what the backup recorded of it
     * @param stored its stored bytes; closed here
     */
    void unpack(Part part, InputStream stored) {
        Targets.Target target = targets.of(part.tablespaceOid());
        try (VerifiedFrames verified = new VerifiedFrames(part, stored);
                InputStream raw = decompress.apply(verified);
                TarArchiveInputStream tar = new TarArchiveInputStream(raw, "UTF-8")) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, target, buffer);
            }
            requireOnlyZeros(part, raw, buffer);
            if (!verified.isComplete()) {
                throw VerifiedFrames.damaged(part.name(), "its compressed data end before the part does", null);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw VerifiedFrames.damaged(part.name(), "it can't be read as a tar archive (" + e.getMessage() + ")", e);
        }
    }

    private void unpack(TarArchiveEntry entry, InputStream content, Targets.Target target, byte[] buffer)
            throws IOException {
        String name = entry.getName();
        switch (entry.getLinkFlag()) {
            case TarConstants.LF_DIR -> unpackFolder(entry, target);
            case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM -> {
                if (name.endsWith("/")) {
                    unpackFolder(entry, target);
                } else {
                    unpackFile(entry, content, target, buffer);
                }
            }
            case TarConstants.LF_SYMLINK, TarConstants.LF_LINK ->
                throw MemberName.hostile(name, "it is a link to " + MemberName.printable(entry.getLinkName()));
            default -> throw MemberName.hostile(name, "it is neither a file nor a folder");
        }
    }

    private void unpackFolder(TarArchiveEntry entry, Targets.Target target) {
        if (!entry.getName().equals("./")) {
            target.tree().createFolder(MemberName.check(entry.getName()), Access.ofMode(entry.getMode()));
        }
    }

    private void unpackFile(TarArchiveEntry entry, InputStream content, Targets.Target target, byte[] buffer)
            throws IOException {
        String name = MemberName.check(entry.getName());
        String path = target.manifestPrefix() + name;
        if (SIGNAL_FILES.contains(path)) {
            claimIfListed(path);
            return;
        }
        int file = claim(path);
        if (entry.getSize() != manifest.sizeBytes(file)) {
            throw mismatch(path, "it has " + entry.getSize() + " bytes, not " + manifest.sizeBytes(file));
        }
        String where = path.equals(CONTROL_FILE) ? STAGED_CONTROL_FILE : name;
        write(content, file, target.tree(), where, Access.ofMode(entry.getMode()), buffer);
    }

    private void claimIfListed(String path) {
        int file = manifest.find(path);
        if (file >= 0) {
            manifest.claim(file);
        }
    }

    private int claim(String path) {
        int file = manifest.find(path);
        if (file < 0) {
            throw mismatch(path, "the manifest doesn't list it");
        }
        if (!manifest.claim(file)) {
            throw MemberName.hostile(path, "the backup holds it twice");
        }
        return file;
    }

    private void write(InputStream content, int file, TargetTree tree, String name, Access access, byte[] buffer)
            throws IOException {
        FileChecksum.Computation checksum = manifest.checksum(file).start();
        long written = 0;
        try (FileChannel channel = tree.createFile(name, access)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                checksum.update(buffer, 0, n);
                writeFully(channel, buffer, n, tree.resolve(name));
                written += n;
            }
        }
        if (written != manifest.sizeBytes(file)) {
            throw mismatch(manifest.path(file), "only " + written + " of its bytes came");
        }
        byte[] computed = checksum.finish();
        if (!manifest.matches(file, computed)) {
            throw mismatch(
                    manifest.path(file),
                    "its " + manifest.checksum(file) + " is " + HexFormat.of().formatHex(computed));
        }
    }

    private static void writeFully(FileChannel channel, byte[] buffer, int length, Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw TargetErrors.of("write", file, e);
        }
    }

    private static void requireOnlyZeros(Part part, InputStream raw, byte[] buffer) throws IOException {
        for (int n = raw.read(buffer); n >= 0; n = raw.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] != 0) {
                    throw VerifiedFrames.damaged(part.name(), "data follow the end of its tar archive", null);
                }
            }
        }
    }

    private static RestoreException mismatch(String path, String how) {
        return new RestoreException(
                "restore.manifest-mismatch",
                "Cannot restore " + MemberName.printable(path) + ": it is not what the server's backup manifest says, "
                        + how + ". The backup is damaged: restore from another one.");
    }
}

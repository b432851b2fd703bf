package dev.pitr.restore;

import dev.pitr.postgres.ManifestChecksum;
import dev.pitr.restore.TargetTree.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.HexFormat;
import java.util.Set;

/**
 * The files of the data directory or of a tablespace: each is listed in the manifest, comes once, and has the size and the
 * checksum that the manifest says.
 */
final class ManifestFiles implements MemberFiles {
    /** What a server starts on; written where no server looks for it, and moved into place last. */
    static final String CONTROL_FILE = "global/pg_control";

    static final String STAGED_CONTROL_FILE = MemberName.RESTORE_FOLDER + "/pg_control";

    /** A standby's own; the restore decides anew what the server shall be, so these are never written. */
    static final Set<String> SIGNAL_FILES = Set.of("standby.signal", "recovery.signal");

    private final ManifestIndex manifest;
    private final Targets.Target target;

    ManifestFiles(ManifestIndex manifest, Targets.Target target) {
        this.manifest = manifest;
        this.target = target;
    }

    @Override
    public void folder(String name, Access access) {
        if (!name.equals("./")) {
            target.tree().createFolder(MemberName.check(name), access);
        }
    }

    @Override
    public void file(String rawName, long sizeBytes, Access access, InputStream content, byte[] buffer)
            throws IOException {
        String name = MemberName.check(rawName);
        String path = target.manifestPrefix() + name;
        if (SIGNAL_FILES.contains(path)) {
            claimIfListed(path);
            return;
        }
        int file = claim(path);
        if (sizeBytes != manifest.sizeBytes(file)) {
            throw mismatch(path, "it has " + sizeBytes + " bytes, not " + manifest.sizeBytes(file));
        }
        write(content, file, path.equals(CONTROL_FILE) ? STAGED_CONTROL_FILE : name, access, buffer);
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

    private void write(InputStream content, int file, String name, Access access, byte[] buffer) throws IOException {
        ManifestChecksum.Computation checksum = manifest.checksum(file).start();
        long written = 0;
        try (FileChannel channel = target.tree().createFile(name, access)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                checksum.update(buffer, 0, n);
                TargetTree.write(channel, buffer, n, target.tree().resolve(name));
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

    private static RestoreException mismatch(String path, String how) {
        return new RestoreException(
                "restore.manifest-mismatch",
                "Cannot restore " + MemberName.printable(path) + ": it is not what the server's backup manifest says, "
                        + how + ". The backup is damaged: restore from another one.");
    }
}

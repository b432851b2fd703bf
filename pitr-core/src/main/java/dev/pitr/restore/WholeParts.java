package dev.pitr.restore;

import dev.pitr.postgres.ManifestChecksum;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.PartFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the parts that an interrupted run has unpacked wholly. It believes no journal: each file is read again and compared
 * with the manifest, since after a power failure a file may hold less than was written.
 */
final class WholeParts {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final ManifestIndex manifest;
    private final Targets targets;

    WholeParts(ManifestIndex manifest, Targets targets) {
        this.manifest = manifest;
        this.targets = targets;
    }

    /** Tells whether nothing of a part is missing or different; if so, its files count as restored. */
    boolean claimIfWhole(BackupPart part) {
        Targets.Target target = targets.of(part.tablespaceOid());
        List<Integer> files = new ArrayList<>();
        for (PartFrame frame : part.frames()) {
            for (String member : frame.members()) {
                if (!isWhole(member, target, files)) {
                    return false;
                }
            }
        }
        files.forEach(manifest::claim);
        return true;
    }

    private boolean isWhole(String member, Targets.Target target, List<Integer> files) {
        if (member.equals("./")) {
            return true;
        }
        String name = MemberName.check(member);
        if (member.endsWith("/")) {
            return Files.isDirectory(target.tree().resolve(name), LinkOption.NOFOLLOW_LINKS);
        }
        String path = target.manifestPrefix() + name;
        int file = manifest.find(path);
        boolean isSignal = ManifestFiles.SIGNAL_FILES.contains(path);
        if (file < 0) {
            return isSignal;
        }
        files.add(file);
        if (isSignal) {
            return true;
        }
        String where = path.equals(ManifestFiles.CONTROL_FILE) ? ManifestFiles.STAGED_CONTROL_FILE : name;
        return isWhole(target.tree().resolve(where), file);
    }

    private boolean isWhole(Path path, int file) {
        if (manifest.checksum(file) == ManifestChecksum.NONE || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return Files.size(path) == manifest.sizeBytes(file) && manifest.matches(file, checksum(path, file));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw TargetErrors.of("read", path, e);
        }
    }

    private byte[] checksum(Path path, int file) throws IOException {
        ManifestChecksum.Computation checksum = manifest.checksum(file).start();
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(1, manifest.sizeBytes(file)))];
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                checksum.update(buffer, 0, n);
            }
        }
        return checksum.finish();
    }
}

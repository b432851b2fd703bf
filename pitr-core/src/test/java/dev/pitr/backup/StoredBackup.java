package dev.pitr.backup;

import dev.pitr.catalog.Backup;
import dev.pitr.postgres.BackupManifest;
import dev.pitr.postgres.ManifestChecksum;
import dev.pitr.postgres.ManifestFile;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A backup read back from its repository, without any of the code that restores. */
final class StoredBackup {
    private final BackupStore store;
    private final Backup backup;

    StoredBackup(BackupStore store, Backup backup) {
        this.store = store;
        this.backup = backup;
    }

    private interface MemberAction {
        void accept(BackupPart part, TarArchiveEntry entry, InputStream content) throws IOException;
    }

    List<BackupPart> parts() {
        List<BackupPart> parts = new ArrayList<>();
        store.readParts(backup, parts::add);
        return parts;
    }

    private void forEachMember(MemberAction action) {
        for (BackupPart part : parts()) {
            try (TarArchiveInputStream tar = new TarArchiveInputStream(
                    Codec.ofPart(part.name()).decompress(store.open(backup, part.name())), "UTF-8")) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    action.accept(part, entry, tar);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Compares every file of the parts with the server's manifest, both ways; returns what is wrong. */
    List<String> compareWithManifest() {
        Map<String, ManifestFile> due = new HashMap<>();
        try (InputStream manifest = store.openManifest(backup)) {
            BackupManifest.read(manifest, file -> {
                // Listed or not, WAL is no file of the backup.
                if (!file.path().startsWith("pg_wal/")) {
                    due.put(file.path(), file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> wrong = new ArrayList<>();
        forEachMember((part, entry, content) -> {
            if (entry.isFile() && !part.name().startsWith("wal/")) {
                String path = path(part, entry);
                ManifestFile file = due.remove(path);
                if (file == null) {
                    wrong.add(path + " is not in the manifest");
                } else if (!file.hasChecksum(checksum(file.algorithm(), content))) {
                    wrong.add(path + " has another checksum");
                }
            }
        });
        due.keySet().forEach(path -> wrong.add(path + " is missing"));
        return wrong;
    }

    private static String path(BackupPart part, TarArchiveEntry entry) {
        return part.tablespaceOid() == 0
                ? entry.getName()
                : "pg_tblspc/" + Integer.toUnsignedString(part.tablespaceOid()) + "/" + entry.getName();
    }

    private static byte[] checksum(ManifestChecksum algorithm, InputStream content) throws IOException {
        ManifestChecksum.Computation computation = algorithm.start();
        byte[] buffer = new byte[64 << 10];
        for (int length = content.read(buffer); length >= 0; length = content.read(buffer)) {
            computation.update(buffer, 0, length);
        }
        return computation.finish();
    }

    /** Unpacks the data directory and the WAL that the backup carries. */
    void unpack(Path folder) {
        forEachMember((part, entry, content) -> {
            Path target = folder.resolve(entry.getName());
            if (entry.isDirectory()) {
                Files.createDirectories(target);
            } else if (entry.isFile()) {
                Files.createDirectories(target.getParent());
                Files.copy(content, target);
            }
        });
    }
}

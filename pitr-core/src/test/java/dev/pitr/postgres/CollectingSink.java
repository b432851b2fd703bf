package dev.pitr.postgres;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Keeps a small base backup in memory. */
final class CollectingSink implements BaseBackupSink {
    final List<String> calls = new ArrayList<>();
    final Map<BaseBackupArchive, ByteArrayOutputStream> archives = new LinkedHashMap<>();
    final ByteArrayOutputStream manifest = new ByteArrayOutputStream();
    BaseBackupStart start;
    private ByteArrayOutputStream current;

    @Override
    public void start(BaseBackupStart start) {
        this.start = start;
        calls.add("start");
    }

    @Override
    public void archiveStart(BaseBackupArchive archive) {
        calls.add("archiveStart " + archive.tablespaceOid().map(String::valueOf).orElse("base"));
        current = new ByteArrayOutputStream();
        archives.put(archive, current);
    }

    @Override
    public void data(byte[] buffer, int offset, int length) {
        current.write(buffer, offset, length);
    }

    @Override
    public void archiveEnd() {
        calls.add("archiveEnd");
        current = null;
    }

    @Override
    public void manifest(byte[] buffer, int offset, int length) {
        manifest.write(buffer, offset, length);
    }

    /** The regular files of all archives, named as the manifest names them. */
    Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (Map.Entry<BaseBackupArchive, ByteArrayOutputStream> archive : archives.entrySet()) {
            String prefix = archive.getKey()
                    .tablespaceOid()
                    .map(oid -> "pg_tblspc/" + Integer.toUnsignedString(oid) + "/")
                    .orElse("");
            InputStream bytes = new ByteArrayInputStream(archive.getValue().toByteArray());
            try (TarArchiveInputStream tar = new TarArchiveInputStream(bytes)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    if (entry.isFile()) {
                        files.put(prefix + entry.getName(), tar.readAllBytes());
                    }
                }
            }
        }
        return files;
    }
}

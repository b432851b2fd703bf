package dev.pitr.archive;

import dev.pitr.storage.Content;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A WAL file that is to be archived.
 *
 * @param name under which
 * @param content its bytes
 * @param where what messages call it
 */
record OfferedWal(WalFileName name, Content content, String where) {
    static OfferedWal of(WalFileName name, Path file) throws IOException {
        long size = Files.size(file);
        Content content = new Content() {
            @Override
            public long sizeBytes() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
        return new OfferedWal(name, content, file.toString());
    }
}

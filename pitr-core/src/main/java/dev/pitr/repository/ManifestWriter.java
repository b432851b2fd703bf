package dev.pitr.repository;

import dev.pitr.catalog.Backup;

/** Writes a backup's {@code manifest.json.zst} from the server's exact bytes. For one thread at a time. */
public final class ManifestWriter implements AutoCloseable {
    ManifestWriter() {}

    /** Appends raw bytes. */
    public void write(byte[] buffer, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    /** Makes the manifest appear; returns what backup.json must say of it. */
    public Backup.StoredObject finish() {
        throw new UnsupportedOperationException();
    }

    /** Abandons the manifest unless it was finished. */
    @Override
    public void close() {}
}

package dev.pitr.repository;

import dev.pitr.catalog.Backup;

/** Writes a backup's {@code parts.json.zst} part by part, in bounded memory. For one thread at a time. */
public final class PartIndexWriter implements AutoCloseable {
    PartIndexWriter() {}

    /** Appends a part. */
    public void add(BackupStore.Part part) {
        throw new UnsupportedOperationException();
    }

    /** Makes the index appear; returns what backup.json must say of it. */
    public Backup.StoredObject finish() {
        throw new UnsupportedOperationException();
    }

    /** Abandons the index unless it was finished. */
    @Override
    public void close() {}
}

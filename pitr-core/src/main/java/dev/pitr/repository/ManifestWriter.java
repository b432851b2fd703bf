package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.storage.ObjectUpload;

/** Writes a backup's {@code manifest.json.zst} from the server's exact bytes. For one thread at a time. */
public final class ManifestWriter implements AutoCloseable {
    private final ZstdUpload upload;

    ManifestWriter(ObjectUpload upload) {
        this.upload = new ZstdUpload(RepositoryLayout.MANIFEST, upload);
    }

    /**
     * Appends raw bytes.
     *
     * @param buffer where they are
     * @param offset the first of them
     * @param length how many
     */
    public void write(byte[] buffer, int offset, int length) {
        upload.write(buffer, offset, length);
    }

    /**
     * Makes the manifest appear.
     *
     * @return what the backup's record must say of it
     */
    public Backup.StoredObject finish() {
        return upload.finish();
    }

    /** Abandons the manifest unless it was finished. */
    @Override
    public void close() {
        upload.close();
    }
}

package dev.pitr.repository;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.pitr.catalog.Backup;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes a backup's {@code manifest.json.zst} from the server's exact bytes. For one thread at a time. */
public final class ManifestWriter implements AutoCloseable {
    private static final int LEVEL = 3;

    private final HashedUpload upload;
    private final OutputStream zstd;

    ManifestWriter(ObjectUpload upload) {
        this.upload = new HashedUpload(RepositoryLayout.MANIFEST, upload);
        this.zstd = zstd(this.upload);
    }

    static OutputStream zstd(HashedUpload upload) {
        try {
            return new ZstdOutputStreamNoFinalizer(upload, LEVEL).setChecksum(true);
        } catch (IOException e) {
            upload.abandon();
            throw new UncheckedIOException("Cannot start zstd", e);
        }
    }

    /**
     * Appends raw bytes.
     *
     * @param buffer where they are
     * @param offset the first of them
     * @param length how many
     */
    public void write(byte[] buffer, int offset, int length) {
        try {
            zstd.write(buffer, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the manifest", e);
        }
    }

    /**
     * Makes the manifest appear.
     *
     * @return what the backup's record must say of it
     */
    public Backup.StoredObject finish() {
        try {
            zstd.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the manifest", e);
        }
        return upload.commit();
    }

    /** Abandons the manifest unless it was finished. */
    @Override
    public void close() {
        try (zstd) {
            upload.abandon();
        } catch (IOException | RuntimeException e) {
            // Ending the stream writes to an upload that is gone; only its native memory matters.
        }
    }
}

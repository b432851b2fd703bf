package dev.pitr.repository;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.pitr.catalog.Backup;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Compresses, measures and uploads an object of a backup that isn't a part. */
final class ZstdUpload implements AutoCloseable {
    private static final int LEVEL = 3;

    private final String name;
    private final HashedUpload upload;
    private final OutputStream zstd;

    ZstdUpload(String name, ObjectUpload upload) {
        this.name = name;
        this.upload = new HashedUpload(name, upload);
        try {
            this.zstd = new ZstdOutputStreamNoFinalizer(this.upload, LEVEL).setChecksum(true);
        } catch (IOException e) {
            this.upload.abandon();
            throw new UncheckedIOException("Cannot start to write " + name, e);
        }
    }

    void write(byte[] buffer, int offset, int length) {
        try {
            zstd.write(buffer, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + name, e);
        }
    }

    /** Makes the object appear. */
    Backup.StoredObject finish() {
        try {
            zstd.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + name, e);
        }
        return upload.commit();
    }

    /** Abandons the object unless it was finished. */
    @Override
    public void close() {
        try (zstd) {
            upload.abandon();
        } catch (IOException | RuntimeException e) {
            // Ending the stream writes to an upload that is gone; only its native memory matters.
        }
    }
}

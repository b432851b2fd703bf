package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Uploads an object of a backup and measures it, for the backup's record. */
final class HashedUpload extends OutputStream {
    private final String name;
    private final ObjectUpload upload;
    private final MessageDigest digest = Sha256.start();
    private long sizeBytes;

    HashedUpload(String name, ObjectUpload upload) {
        this.name = name;
        this.upload = upload;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        upload.write(bytes, offset, length);
        digest.update(bytes, offset, length);
        sizeBytes += length;
    }

    Backup.StoredObject commit() {
        upload.commit();
        return new Backup.StoredObject(name, sizeBytes, Sha256.finish(digest));
    }

    /** Does nothing, so that a stream on top can end; what isn't committed is abandoned by {@link #abandon()}. */
    @Override
    public void close() {}

    void abandon() {
        upload.close();
    }
}

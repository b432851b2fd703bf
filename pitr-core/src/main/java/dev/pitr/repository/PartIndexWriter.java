package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.storage.ObjectUpload;
import java.security.MessageDigest;

/** Writes a backup's {@code parts.json.zst} part by part, in the memory of one part. For one thread at a time. */
public final class PartIndexWriter implements AutoCloseable {
    private final ZstdUpload upload;
    private final MessageDigest digest = Sha256.start();
    private long parts;

    PartIndexWriter(ObjectUpload upload) {
        this.upload = new ZstdUpload(RepositoryLayout.PARTS_INDEX, upload);
        write(PartIndex.line(FormatVersion::write));
    }

    private void write(byte[] line) {
        digest.update(line);
        upload.write(line, 0, line.length);
    }

    /**
     * Appends a part.
     *
     * @param part the part
     */
    public void add(BackupPart part) {
        write(PartIndex.line(json -> PartIndex.write(json, part)));
        parts++;
    }

    /**
     * Makes the index appear.
     *
     * @return what the backup's record must say of it
     */
    public Backup.StoredObject finish() {
        String sha256 = Sha256.finish(digest);
        write(PartIndex.line(json -> {
            json.writeNumberField("parts", parts);
            json.writeStringField("sha256", sha256);
        }));
        return upload.finish();
    }

    /** Abandons the index unless it was finished. */
    @Override
    public void close() {
        upload.close();
    }
}

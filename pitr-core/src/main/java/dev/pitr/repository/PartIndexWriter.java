package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;

/** Writes a backup's {@code parts.json.zst} part by part, in the memory of one part. For one thread at a time. */
public final class PartIndexWriter implements AutoCloseable {
    private final HashedUpload upload;
    private final OutputStream zstd;
    private final MessageDigest digest = Sha256.start();
    private long parts;

    PartIndexWriter(ObjectUpload upload) {
        this.upload = new HashedUpload(RepositoryLayout.PARTS_INDEX, upload);
        this.zstd = ManifestWriter.zstd(this.upload);
        write(PartIndex.line(FormatVersion::write));
    }

    private void write(byte[] line) {
        try {
            digest.update(line);
            zstd.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the index of parts", e);
        }
    }

    /**
     * Appends a part.
     *
     * @param part the part
     */
    public void add(BackupStore.Part part) {
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
        try {
            zstd.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the index of parts", e);
        }
        return upload.commit();
    }

    /** Abandons the index unless it was finished. */
    @Override
    public void close() {
        try (zstd) {
            upload.abandon();
        } catch (IOException | RuntimeException e) {
            // Ending the stream writes to an upload that is gone; only its native memory matters.
        }
    }
}

package dev.pitr.backup;

import dev.pitr.repository.BackupPart;
import dev.pitr.repository.PartFrame;
import dev.pitr.repository.Sha256;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** The upload of one part, frame by frame, and what its index will say of it. One thread at a time. */
final class PartUpload implements AutoCloseable {
    private final PartName name;
    private final String objectName;
    private final ObjectUpload upload;
    private final MessageDigest sha256 = Sha256.start();
    private final List<PartFrame> frames = new ArrayList<>();
    private long length;

    PartUpload(PartName name, String objectName, ObjectUpload upload) {
        this.name = name;
        this.objectName = objectName;
        this.upload = upload;
    }

    /** Appends a compressed frame. */
    void write(Frame frame) {
        try {
            upload.write(frame.stored, 0, frame.storedLength);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write part " + objectName, e);
        }
        sha256.update(frame.stored, 0, frame.storedLength);
        frames.add(new PartFrame(length, frame.storedLength, frame.rawLength, frame.storedSha256, frame.members()));
        length += frame.storedLength;
    }

    /** Makes the part appear in the repository. */
    BackupPart commit() {
        upload.commit();
        return new BackupPart(objectName, name.tablespaceOid(), length, Sha256.finish(sha256), frames);
    }

    /** Abandons the part unless it was committed. */
    @Override
    public void close() {
        upload.close();
    }
}

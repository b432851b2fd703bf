package dev.pitr.restore;

import dev.pitr.repository.BackupPart;
import dev.pitr.repository.PartFrame;
import dev.pitr.repository.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The stored bytes of a part, frame by frame compared with the recorded hashes. What it handed out of a damaged frame is
 * followed by an error at that frame's end at the latest, so nobody may act on a part before having read all of it.
 */
final class VerifiedFrames extends FilterInputStream {
    private final BackupPart part;
    private final MessageDigest digest = Sha256.start();
    private final byte[] single = new byte[1];
    private int frame;
    private long leftInFrame;

    VerifiedFrames(BackupPart part, InputStream stored) {
        super(stored);
        this.part = part;
        checkFramesCoverPart();
        leftInFrame = part.frames().get(0).storedLength();
    }

    private void checkFramesCoverPart() {
        long end = 0;
        for (PartFrame f : part.frames()) {
            if (f.offset() != end || f.storedLength() <= 0) {
                throw damaged("its index has a hole at byte " + end);
            }
            end += f.storedLength();
        }
        if (end != part.storedSizeBytes() || end == 0) {
            throw damaged("its index covers " + end + " of " + part.storedSizeBytes() + " bytes");
        }
    }

    @Override
    public int read() throws IOException {
        int n = read(single, 0, 1);
        return n < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (isComplete()) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, leftInFrame));
        if (n < 0) {
            throw damaged("it ends early, " + leftInFrame + " bytes before the end of frame " + (frame + 1));
        }
        digest.update(buffer, offset, n);
        leftInFrame -= n;
        if (leftInFrame == 0) {
            finishFrame();
        }
        return n;
    }

    /** Tells whether all frames have been read and found right. */
    boolean isComplete() {
        return frame == part.frames().size();
    }

    private void finishFrame() {
        PartFrame finished = part.frames().get(frame);
        if (!Sha256.finish(digest).equals(finished.sha256())) {
            throw damaged("the SHA-256 of frame " + (frame + 1) + " (bytes " + finished.offset() + " to "
                    + (finished.offset() + finished.storedLength()) + ") is not what the backup recorded");
        }
        frame++;
        if (frame < part.frames().size()) {
            leftInFrame = part.frames().get(frame).storedLength();
        }
    }

    private RestoreException damaged(String reason) {
        return damaged(part.name(), reason, null);
    }

    static RestoreException damaged(String part, String reason, @Nullable Throwable cause) {
        return new RestoreException(
                "restore.damaged-part",
                "Cannot unpack part " + part + ": " + reason
                        + ". Restore from another backup, or bring the object back and run the same restore again.",
                cause);
    }

    @Override
    public long skip(long n) throws IOException {
        byte[] skipped = new byte[(int) Math.min(8192, Math.max(0, n))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public int available() throws IOException {
        // A gzip reader asks this, after one member, to learn whether another follows.
        return isComplete() ? 0 : Math.max(1, in.available());
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

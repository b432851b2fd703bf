package dev.pitr.postgres;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Hashes all lines but the last of what is read through it: that is what a manifest's own checksum covers, which stands
 * in its last line ({@code backup/backup_manifest.c}).
 */
final class ManifestDigestStream extends FilterInputStream {
    /** More than the last line of any manifest, so that a file without line ends is not held in memory. */
    private static final int MAX_LAST_LINE_BYTES = 4096;

    private final MessageDigest digest = ManifestChecksum.newDigest("SHA-256");
    private final ByteArrayOutputStream lastLine = new ByteArrayOutputStream();
    private boolean lineIsComplete;

    ManifestDigestStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            take(buffer, offset, count);
        }
        return count;
    }

    private void take(byte[] buffer, int offset, int count) {
        int end = offset + count;
        int lineStart = offset;
        // A line end as the very last byte may be that of the last line.
        for (int i = end - 2; i >= offset; i--) {
            if (buffer[i] == '\n') {
                lineStart = i + 1;
                break;
            }
        }
        if (lineIsComplete || lineStart > offset || lastLine.size() > MAX_LAST_LINE_BYTES) {
            digest.update(lastLine.toByteArray());
            lastLine.reset();
        }
        digest.update(buffer, offset, lineStart - offset);
        lastLine.write(buffer, lineStart, end - lineStart);
        lineIsComplete = buffer[end - 1] == '\n';
    }

    /** Returns the checksum of all lines but the last, once everything was read. */
    String checksum() {
        return HexFormat.of().formatHex(digest.digest());
    }
}

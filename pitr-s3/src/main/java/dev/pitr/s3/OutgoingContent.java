package dev.pitr.s3;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ContentStream;
import dev.pitr.storage.ObjectKey;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * Content on its way to the store: read once beforehand for its checksum, which goes ahead of it in a header, so that
 * the store can refuse what was damaged on the way; then read again by each attempt to send it.
 *
 * <p>It keeps what the HTTP client doesn't tell: whether the content itself failed, and whether any attempt got so far
 * that the store may have all of it.
 */
final class OutgoingContent {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final String OCTETS = "application/octet-stream";

    private final ObjectKey key;
    private final Content content;
    private final int crc32c;
    private byte @Nullable [] md5;
    private final AtomicInteger timesSentWhole = new AtomicInteger();
    private volatile @Nullable PitrException failure;

    private OutgoingContent(ObjectKey key, Content content, int crc32c) {
        this.key = key;
        this.content = content;
        this.crc32c = crc32c;
    }

    /** Reads the content through; what is wrong with it is found here, before anything is sent. */
    static OutgoingContent measure(ObjectKey key, Content content) {
        CRC32C crc = new CRC32C();
        read(key, content, crc::update);
        return new OutgoingContent(key, content, (int) crc.getValue());
    }

    private interface Sink {
        void update(byte[] bytes, int offset, int length);
    }

    private static void read(ObjectKey key, Content content, Sink sink) {
        byte[] buffer = new byte[(int) Math.max(1, Math.min(content.sizeBytes(), BUFFER_BYTES))];
        try (ContentStream in = ContentStream.open(key, content)) {
            for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
                sink.update(buffer, 0, n);
            }
        }
    }

    long sizeBytes() {
        return content.sizeBytes();
    }

    int crc32c() {
        return crc32c;
    }

    /** As the store takes and tells it. */
    String crc32cText() {
        return Checksums.text(crc32c);
    }

    /** Read anew for this, once: only stores that know no other checksum ask for it. */
    byte[] md5() {
        byte[] known = md5;
        if (known == null) {
            MessageDigest digest = Checksums.md5();
            read(key, content, digest::update);
            known = digest.digest();
            md5 = known;
        }
        return known;
    }

    RequestBody body() {
        return RequestBody.fromContentProvider(this::open, sizeBytes(), OCTETS);
    }

    private InputStream open() {
        PitrException earlier = failure;
        if (earlier != null) {
            throw earlier;
        }
        try {
            return new Watched(ContentStream.open(key, content));
        } catch (PitrException e) {
            failure = e;
            throw e;
        }
    }

    /** How many attempts handed the last byte to the HTTP client: if none did, the store can't have stored anything. */
    int timesSentWhole() {
        return timesSentWhole.get();
    }

    /** Throws what the content itself failed with, if it did. */
    void requireIntact() {
        PitrException own = failure;
        if (own != null) {
            throw own;
        }
    }

    private final class Watched extends FilterInputStream {
        private long left = sizeBytes();

        Watched(ContentStream in) {
            super(in);
            if (left == 0) {
                timesSentWhole.incrementAndGet();
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                int n = super.read(bytes, offset, length);
                if (n > 0) {
                    left -= n;
                    if (left == 0) {
                        timesSentWhole.incrementAndGet();
                    }
                }
                return n;
            } catch (CancelledException e) {
                // The SDK interrupts the thread too, for its time limits: it knows whose interruption this is.
                throw (IOException) new InterruptedIOException("interrupted while sending").initCause(e);
            } catch (PitrException e) {
                failure = e;
                throw new IOException(e);
            }
        }

        /** The SDK would hold back what was read to go back to it; it opens the content again instead. */
        @Override
        public boolean markSupported() {
            return false;
        }
    }
}

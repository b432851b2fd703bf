package dev.pitr.storage;

import dev.pitr.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;

/**
 * The bytes of a {@link Content} as whoever stores them needs them: exactly as many as it declares, and its failures as
 * {@link StorageException}, told from those of the store. For implementations of {@link ObjectStorage}.
 *
 * <p>The last byte is handed out only when it is known that no other follows, so that nothing too long is ever taken for
 * whole. A {@link dev.pitr.error.PitrException} of the content passes through. When the thread is interrupted, a read
 * throws {@link CancelledException} and leaves the interrupt status set. Used by one thread at a time.
 */
public final class ContentStream extends InputStream {
    private final ObjectKey key;
    private final long expected;
    private final InputStream in;
    private long copied;

    private ContentStream(ObjectKey key, long expected, InputStream in) {
        this.key = key;
        this.expected = expected;
        this.in = in;
    }

    /**
     * Opens a content.
     *
     * @param key what it will be stored as, for messages
     * @param content the content
     * @return its bytes, to be closed by the caller
     * @throws StorageException with the code {@code storage.content-unreadable} if it can't be opened
     */
    public static ContentStream open(ObjectKey key, Content content) {
        try {
            return new ContentStream(key, content.sizeBytes(), content.open());
        } catch (IOException e) {
            throw unreadable(key, e);
        } catch (UncheckedIOException e) {
            throw unreadable(key, Objects.requireNonNull(e.getCause()));
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Reads some bytes.
     *
     * @throws StorageException with the code {@code storage.content-unreadable} if they can't be read,
     *     {@code storage.content-size} if there are fewer or more than declared
     * @throws CancelledException if the thread is interrupted
     */
    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (copied == expected) {
            requireEnd();
            return -1;
        }
        int n = readSome(bytes, offset, (int) Math.min(length, expected - copied));
        if (n < 0) {
            throw wrongSize("only " + copied);
        }
        copied += n;
        if (copied == expected) {
            requireEnd();
        }
        return n;
    }

    private void requireEnd() {
        if (readSome(new byte[1], 0, 1) >= 0) {
            throw wrongSize("more");
        }
    }

    private int readSome(byte[] bytes, int offset, int length) {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled();
        }
        try {
            return in.read(bytes, offset, length);
        } catch (ClosedByInterruptException e) {
            throw cancelled();
        } catch (IOException e) {
            throw unreadable(key, e);
        } catch (UncheckedIOException e) {
            throw unreadable(key, Objects.requireNonNull(e.getCause()));
        }
    }

    /** Never fails: every byte that counts has been read. */
    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException | UncheckedIOException e) {
            // See above.
        }
    }

    private CancelledException cancelled() {
        return new CancelledException("The attempt to store " + key);
    }

    private static StorageException unreadable(ObjectKey key, IOException cause) {
        return new StorageException(
                "storage.content-unreadable",
                "Cannot store " + key + ": its content can't be read: " + cause + ". Nothing was stored.",
                cause);
    }

    private StorageException wrongSize(String actual) {
        return new StorageException(
                "storage.content-size",
                "Cannot store " + key + ": its content should have " + expected + " bytes but has " + actual
                        + ". Nothing was stored; check that the source doesn't change.",
                null);
    }
}

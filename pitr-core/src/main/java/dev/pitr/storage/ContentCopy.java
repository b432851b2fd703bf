package dev.pitr.storage;

import dev.pitr.error.CancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Objects;

/** Copies content, and tells its failures from those of where it goes. */
final class ContentCopy {
    private static final int BUFFER_BYTES = 1 << 17;

    private ContentCopy() {}

    /** Where bytes go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes, int offset, int length) throws IOException;
    }

    /** Copies exactly as many bytes as the content says it has. Only the sink's exceptions are {@link IOException}s. */
    static void copy(ObjectKey key, Content content, Sink sink) throws IOException {
        long expected = content.sizeBytes();
        byte[] buffer = new byte[(int) Math.max(1, Math.min(expected, BUFFER_BYTES))];
        InputStream in = open(key, content);
        try {
            long copied = 0;
            for (int n = read(key, in, buffer); n >= 0; n = read(key, in, buffer)) {
                copied += n;
                if (copied > expected) {
                    throw wrongSize(key, expected, "more");
                }
                sink.write(buffer, 0, n);
            }
            if (copied < expected) {
                throw wrongSize(key, expected, "only " + copied);
            }
        } finally {
            close(in);
        }
    }

    private static InputStream open(ObjectKey key, Content content) {
        try {
            return content.open();
        } catch (IOException e) {
            throw unreadable(key, e);
        } catch (UncheckedIOException e) {
            throw unreadable(key, Objects.requireNonNull(e.getCause()));
        }
    }

    private static int read(ObjectKey key, InputStream in, byte[] buffer) {
        if (Thread.currentThread().isInterrupted()) {
            throw cancelled(key);
        }
        try {
            return in.read(buffer);
        } catch (ClosedByInterruptException e) {
            throw cancelled(key);
        } catch (IOException e) {
            throw unreadable(key, e);
        } catch (UncheckedIOException e) {
            throw unreadable(key, Objects.requireNonNull(e.getCause()));
        }
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException | UncheckedIOException e) {
            // Every byte that counts has been read.
        }
    }

    private static CancelledException cancelled(ObjectKey key) {
        return new CancelledException("The attempt to store " + key);
    }

    private static StorageException unreadable(ObjectKey key, IOException cause) {
        return new StorageException(
                "storage.content-unreadable",
                "Cannot store " + key + ": its content can't be read: " + cause + ". Nothing was stored.",
                cause);
    }

    private static StorageException wrongSize(ObjectKey key, long expected, String actual) {
        return new StorageException(
                "storage.content-size",
                "Cannot store " + key + ": its content should have " + expected + " bytes but has " + actual
                        + ". Nothing was stored; check that the source doesn't change.",
                null);
    }
}

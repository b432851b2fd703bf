package dev.pitr.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Bytes of known length that can be read more than once, so that a store can try again.
 *
 * <p>A store may open it several times, one after the other, on the calling thread. When {@link #open()} or a read
 * fails, the store makes nothing visible and throws a {@link StorageException} with the code
 * {@code storage.content-unreadable}; a {@link dev.pitr.error.PitrException} passes through as it is, so that an object
 * can be copied from one store to another. When there are fewer or more bytes than {@link #sizeBytes()} says, nothing
 * becomes visible either and the code is {@code storage.content-size}.
 */
public interface Content {
    /**
     * Returns the length.
     *
     * @return 0 or more bytes, the same each time
     */
    long sizeBytes();

    /**
     * Opens the bytes from the start.
     *
     * @return exactly {@link #sizeBytes()} bytes, the same each time, to be closed by the caller
     * @throws IOException if they can't be opened
     */
    InputStream open() throws IOException;

    /**
     * Content from memory. The array is not copied and must not change.
     *
     * @param bytes the content
     * @return the content
     */
    static Content of(byte[] bytes) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }
        };
    }

    /**
     * Content of a file that doesn't change while it is used.
     *
     * @param file a regular file
     * @return its content, with its present size
     * @throws StorageException with the code {@code storage.content-unreadable} if the size can't be read
     */
    static Content of(Path file) {
        long size = sizeOf(file);
        return new Content() {
            @Override
            public long sizeBytes() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(file);
            }
        };
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new StorageException(
                    "storage.content-unreadable",
                    "Cannot read the size of " + file + ": " + e + ". Check that the file exists and is readable.",
                    e);
        }
    }
}

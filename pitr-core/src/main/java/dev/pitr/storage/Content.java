package dev.pitr.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes of known length that can be read more than once, so that a store can retry. */
public interface Content {
    /**
     * Returns the length.
     *
     * @return 0 or more bytes
     */
    long sizeBytes();

    /**
     * Opens the bytes from the start.
     *
     * @return exactly {@link #sizeBytes()} bytes, to be closed by the caller
     */
    InputStream open();

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
     */
    static Content of(Path file) {
        try {
            long size = Files.size(file);
            return new Content() {
                @Override
                public long sizeBytes() {
                    return size;
                }

                @Override
                public InputStream open() {
                    try {
                        return Files.newInputStream(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException("Cannot open " + file, e);
                    }
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the size of " + file, e);
        }
    }
}

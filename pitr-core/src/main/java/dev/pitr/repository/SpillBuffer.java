package dev.pitr.repository;

import dev.pitr.storage.Content;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Takes bytes of unknown number: keeps them in memory up to a limit, beyond it in a temporary file. */
final class SpillBuffer implements AutoCloseable {
    private final int maxMemoryBytes;
    private final Path temporaryFolder;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream(64 << 10);
    private @Nullable Path file;
    private @Nullable OutputStream fileOut;
    private long sizeBytes;

    SpillBuffer(int maxMemoryBytes, Path temporaryFolder) {
        this.maxMemoryBytes = maxMemoryBytes;
        this.temporaryFolder = temporaryFolder;
    }

    /** Takes the bytes. Closing it is not closing the buffer: streams stacked on it may be closed to end them. */
    OutputStream sink() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                append(bytes, offset, length);
            }
        };
    }

    private void append(byte[] bytes, int offset, int length) throws IOException {
        sizeBytes += length;
        if (fileOut == null && sizeBytes > maxMemoryBytes) {
            spill();
        }
        if (fileOut != null) {
            fileOut.write(bytes, offset, length);
        } else {
            memory.write(bytes, offset, length);
        }
    }

    private void spill() throws IOException {
        Path created = Files.createTempFile(temporaryFolder, "pitr-", ".tmp");
        file = created;
        OutputStream out = Files.newOutputStream(created);
        fileOut = out;
        memory.writeTo(out);
        memory = new ByteArrayOutputStream(0);
    }

    /** The given bytes, then all that the sink took; ends the writing. Valid until this is closed. */
    Content contentAfter(byte[] prefix) throws IOException {
        if (fileOut != null) {
            fileOut.close();
        }
        byte[] inMemory = memory.toByteArray();
        Path inFile = file;
        return new Content() {
            @Override
            public long sizeBytes() {
                return prefix.length + sizeBytes;
            }

            @Override
            public InputStream open() throws IOException {
                InputStream rest = inFile == null ? new ByteArrayInputStream(inMemory) : Files.newInputStream(inFile);
                return new SequenceInputStream(new ByteArrayInputStream(prefix), rest);
            }
        };
    }

    long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void close() throws IOException {
        if (fileOut != null) {
            fileOut.close();
        }
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}

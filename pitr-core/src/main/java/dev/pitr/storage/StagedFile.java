package dev.pitr.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A file being written, out of sight; closing removes it unless it was moved. */
final class StagedFile implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(StagedFile.class);

    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object identity;

    StagedFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.identity = identityOf(path);
    }

    Path path() {
        return path;
    }

    void fill(ObjectKey key, Content content) throws IOException {
        ContentCopy.copy(key, content, this::write);
        sync();
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void sync() throws IOException {
        channel.force(true);
    }

    /** Tells whether a path names this very file, by its device and inode. */
    boolean isSameFileAs(Path other) throws IOException {
        try {
            return identity != null && Objects.equals(identity, identityOf(other));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static @Nullable Object identityOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Deletes before it unlocks, so that nobody finds an unlocked file. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("Cannot remove {}: {}. It is removed when it is a day old.", path, FileErrors.reason(e));
        }
    }
}

package dev.pitr.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The note in a target that says which restore fills it, so that the same one can go on after an interruption and no other
 * one mixes with it. It goes when the restore is complete. While a process works on the target it holds a lock.
 */
final class RestoreMarker implements AutoCloseable {
    private static final String NOTE = "restore";
    private static final String LOCK = "lock";

    private final Path root;
    private final Path folder;
    private @Nullable FileChannel lock;

    RestoreMarker(Path root) {
        this.root = root;
        this.folder = root.resolve(MemberName.RESTORE_FOLDER);
    }

    /** Reads what the run that began here noted. */
    Optional<String> note() {
        return read(NOTE);
    }

    private Optional<String> read(String name) {
        try {
            return Optional.of(Files.readString(folder.resolve(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw TargetErrors.of("read", folder.resolve(name), e);
        }
    }

    /** Takes the target for this process; the folder must exist. */
    void lock() {
        Path file = folder.resolve(LOCK);
        try {
            lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(lock) == null) {
                close();
                throw new RestoreException(
                        "restore.already-running",
                        "Cannot restore into " + folder.getParent()
                                + ": another restore is at work there. Wait for it.");
            }
        } catch (IOException e) {
            throw TargetErrors.of("lock", file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    void writeNote(String text) {
        write(NOTE, text);
    }

    private void write(String name, String text) {
        Path file = folder.resolve(name);
        Path fresh = folder.resolve(name + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw TargetErrors.of("write", file, e);
        }
        TreeSync.force(folder);
    }

    /** Removes the note and everything beside it: the restore is complete. */
    void remove() {
        close();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw TargetErrors.of("remove", folder, e);
        }
        TreeSync.force(root);
    }

    /** Gives the target free. */
    @Override
    public void close() {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw TargetErrors.of("unlock", folder, e);
            } finally {
                lock = null;
            }
        }
    }
}

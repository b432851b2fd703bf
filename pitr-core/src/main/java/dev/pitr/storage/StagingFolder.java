package dev.pitr.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hidden folder of files that are being written.
 *
 * <p>Its writer holds a lock on such a file until it is published or deleted; the system gives the lock up when the
 * process dies. A file that is old and can be locked is abandoned.
 */
final class StagingFolder {
    private static final Logger LOG = LoggerFactory.getLogger(StagingFolder.class);

    /** Tells this process's files: closing a second channel to one would give up the lock that its writer holds. */
    private static final String PROCESS = ProcessHandle.current().pid() + "-"
            + Long.toHexString(ThreadLocalRandom.current().nextLong()) + "-";

    private static final Duration LEFT_FOR_SURE = Duration.ofDays(1);

    private final FolderTree tree;
    private final Path folder;
    private final Clock clock;
    private final AtomicBoolean tidied = new AtomicBoolean();

    StagingFolder(FolderTree tree, Clock clock) {
        this.tree = tree;
        this.folder = tree.root().resolve(".pitr-tmp");
        this.clock = clock;
    }

    Path folder() {
        return folder;
    }

    StagedFile create() throws IOException {
        prepare();
        Path path = folder.resolve(
                PROCESS + Long.toHexString(ThreadLocalRandom.current().nextLong()));
        FileChannel channel = FileChannel.open(
                path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), tree.fileMode());
        lockIfPossible(channel);
        return new StagedFile(path, channel);
    }

    private void prepare() throws IOException {
        if (tree.kind(folder) == EntryKind.MISSING) {
            tree.requireRoot();
            tree.createFolder(folder);
        }
        if (tree.kind(folder) != EntryKind.FOLDER) {
            throw new IOException(folder + " is not a folder");
        }
        if (!tidied.getAndSet(true)) {
            tidy();
        }
    }

    /** Where locks don't work, abandoned files can't be told from others and are left. */
    private static void lockIfPossible(FileChannel channel) {
        try {
            channel.tryLock();
        } catch (IOException e) {
            LOG.debug("Cannot lock a file in the staging folder", e);
        }
    }

    private void tidy() {
        try {
            removeAbandoned(LEFT_FOR_SURE);
        } catch (IOException e) {
            LOG.warn("Cannot remove abandoned files in {}: {}", folder, FileErrors.reason(e));
        }
    }

    int removeAbandoned(Duration olderThan) throws IOException {
        Instant limit = clock.instant().minus(olderThan);
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (isCandidate(file, limit) && removeIfUnlocked(file)) {
                    removed++;
                }
            }
        } catch (NoSuchFileException e) {
            return 0;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (removed > 0) {
            LOG.info("Removed {} abandoned files in {}", removed, folder);
        }
        return removed;
    }

    private static boolean isCandidate(Path file, Instant limit) throws IOException {
        if (file.getFileName().toString().startsWith(PROCESS)) {
            return false;
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    && attributes.lastModifiedTime().toInstant().isBefore(limit);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean removeIfUnlocked(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock != null && Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("Left {} in place", file, e);
            return false;
        }
    }
}

package dev.pitr.storage;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;

/**
 * The folders below a store's root: finds, creates, flushes and prunes them, and never follows a symbolic link.
 *
 * <p>Folders come and go while objects are written and deleted by others: what creates in them tries again.
 */
final class FolderTree {
    /** Pruning has to win that often in a row against one writer before the writer gives up. */
    private static final int MAX_ATTEMPTS = 1_000;

    private static final FileAttribute<?>[] NO_ATTRIBUTES = {};

    private final Path root;
    private final FileErrors errors;
    private final boolean posix;

    FolderTree(Path root, FileErrors errors) {
        this.root = root;
        this.errors = errors;
        this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Creates an entry at a path, failing as the filesystem does. */
    interface Placement {
        void at(Path target) throws IOException;
    }

    Path root() {
        return root;
    }

    Path file(ObjectKey key) {
        return root.resolve(key.value());
    }

    FileAttribute<?>[] fileMode() {
        return mode("rw-r-----");
    }

    FileAttribute<?>[] folderMode() {
        return mode("rwxr-x---");
    }

    private FileAttribute<?>[] mode(String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : NO_ATTRIBUTES;
    }

    void requireRoot() {
        if (!Files.isDirectory(root)) {
            throw errors.rootMissing();
        }
    }

    void createRoot() {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path folder = root; folder != null && !Files.exists(folder); folder = folder.getParent()) {
            missing.push(folder);
        }
        try {
            Files.createDirectories(root, folderMode());
            for (Path folder : missing) {
                sync(parentOf(folder));
            }
        } catch (IOException e) {
            throw errors.writingFolder(root, e);
        }
    }

    EntryKind kind(Path path) throws IOException {
        try {
            return EntryKind.of(attributesOf(path));
        } catch (NoSuchFileException e) {
            return EntryKind.MISSING;
        }
    }

    /** What lies at a key; a link among its folders is an error. */
    EntryKind kind(ObjectKey key) throws IOException {
        return leadsThroughFolders(key) ? kind(file(key)) : EntryKind.MISSING;
    }

    /** The attributes of an object; empty if there is none. That nothing is there is believed only if the root is. */
    Optional<BasicFileAttributes> attributes(ObjectKey key) throws IOException {
        if (leadsThroughFolders(key)) {
            try {
                BasicFileAttributes attributes = attributesOf(file(key));
                if (EntryKind.of(attributes) == EntryKind.OTHER) {
                    throw errors.notAnObject(file(key));
                }
                return Optional.of(attributes).filter(BasicFileAttributes::isRegularFile);
            } catch (NoSuchFileException e) {
                // told below
            }
        }
        requireRoot();
        return Optional.empty();
    }

    /** Tells whether the keys below one have a folder to lie in; a link among its parts is an error. */
    boolean isFolder(ObjectKey key) throws IOException {
        EntryKind kind = kind(key);
        if (kind == EntryKind.OTHER) {
            throw errors.notAnObject(file(key));
        }
        return kind == EntryKind.FOLDER;
    }

    private static BasicFileAttributes attributesOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private boolean leadsThroughFolders(ObjectKey key) throws IOException {
        for (Path folder : foldersOf(key)) {
            EntryKind kind = kind(folder);
            if (kind == EntryKind.OTHER) {
                throw errors.notAnObject(folder);
            }
            if (kind != EntryKind.FOLDER) {
                return false;
            }
        }
        return true;
    }

    /** The folder in which an object's file lies. */
    Path folderOf(ObjectKey key) {
        return parentOf(file(key));
    }

    // All paths here lie below an absolute root: only the filesystem's own root has no parent, and it is no object.
    private static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    /** The folders of a key below the root, the outermost first. */
    private Deque<Path> foldersOf(ObjectKey key) {
        Deque<Path> folders = new ArrayDeque<>();
        for (Path folder = folderOf(key); !folder.equals(root); folder = parentOf(folder)) {
            folders.push(folder);
        }
        return folders;
    }

    /** Creates the folders of a key and an entry in them, again when another process prunes a folder in between. */
    void placeBelowParents(ObjectKey key, Placement placement) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                createFoldersOf(key);
                placement.at(file(key));
                return;
            } catch (NoSuchFileException e) {
                requireRoot();
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void createFoldersOf(ObjectKey key) throws IOException {
        for (Path folder : foldersOf(key)) {
            if (kind(folder) == EntryKind.MISSING) {
                createFolder(folder);
            }
            EntryKind kind = kind(folder);
            if (kind == EntryKind.OBJECT) {
                throw errors.conflict(key, root.relativize(folder) + " is an object and can't be a folder too");
            }
            if (kind == EntryKind.OTHER) {
                throw errors.notAnObject(folder);
            }
        }
    }

    /** Creates one folder unless it exists. */
    void createFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, folderMode());
        } catch (FileAlreadyExistsException e) {
            // another writer was faster
        }
    }

    /** Renames, replacing a file. */
    static void replace(Path target, Path source) throws IOException {
        try {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    target.getParent() + " is not on the filesystem of " + source.getParent()
                            + ", so nothing can be moved there atomically",
                    e);
        }
    }

    /** Removes an object if there is one; returns whether there is a folder where it would lie. */
    boolean remove(ObjectKey key) throws IOException {
        if (!leadsThroughFolders(key)) {
            requireRoot();
            return false;
        }
        EntryKind kind = kind(file(key));
        if (kind == EntryKind.OTHER) {
            throw errors.notAnObject(file(key));
        }
        if (kind == EntryKind.OBJECT) {
            Files.deleteIfExists(file(key));
        }
        return true;
    }

    /** Removes a folder and those above it as far as they are empty; returns the one that stays. */
    Path prune(Path folder) throws IOException {
        Path remaining = folder;
        while (!remaining.equals(root) && removeIfEmpty(remaining)) {
            remaining = parentOf(remaining);
        }
        return remaining;
    }

    /** Never removes a file that has taken the folder's place meanwhile, which {@link Files#delete} would. */
    private static boolean removeIfEmpty(Path folder) throws IOException {
        try (DirectoryStream<Path> parent = Files.newDirectoryStream(parentOf(folder))) {
            if (parent instanceof SecureDirectoryStream<Path> secure) {
                secure.deleteDirectory(folder.getFileName());
                return true;
            }
            return false;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** Flushes a folder and those above it up to the root. */
    void syncUpwards(Path folder) throws IOException {
        Path current = folder;
        while (!current.equals(root)) {
            sync(current);
            current = parentOf(current);
        }
        sync(root);
    }

    /** Flushes the entries of a folder, whether the thread is interrupted or not: they are visible already. */
    void sync(Path folder) throws IOException {
        if (!posix) {
            // Other systems can't open folders; the one that matters, Windows, logs their changes in order.
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            while (!trySync(folder)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean trySync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        } catch (NoSuchFileException e) {
            // Pruned, because what we made in it was deleted.
            return true;
        }
    }
}

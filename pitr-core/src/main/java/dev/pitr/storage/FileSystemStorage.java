package dev.pitr.storage;

import dev.pitr.error.PitrException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Objects as files below a root folder, each under its key.
 *
 * <p>An object is written to a file in the hidden folder {@code .pitr-tmp} below the root, flushed with {@code fsync},
 * and then linked (create-if-absent) or renamed (replace) to its name; a link fails where a rename would silently
 * replace. Then the folders from there up to the root are flushed too. So a name never stands for less than the whole
 * object, not even after a power failure. A filesystem without hard links can't do create-if-absent safely: there
 * {@link #enforcesCreateIfAbsent()} is false and {@link #createIfAbsent} has a window between looking and renaming.
 *
 * <p>Files get mode 0640 and folders 0750, less the process's umask. Symbolic links below the root are never followed;
 * the root itself may be one. Hidden files and names that no key can have are not objects and are left alone.
 *
 * <p>The root has to exist, also later: when it is gone, every call fails instead of saying that objects are absent or
 * filling the disk below the mount point. On a network filesystem the server must honour {@code fsync}; a reply that
 * was lost on the way is recognised by the file's identity.
 *
 * <p>Instances hold no resources and may be shared by threads; any number of processes may use one root.
 */
public final class FileSystemStorage implements ObjectStorage {
    private final FolderTree tree;
    private final StagingFolder staging;
    private final FileErrors errors;
    private final HardLinks links;
    private volatile boolean closed;

    FileSystemStorage(Path root, Clock clock, HardLinks.Operation link) {
        Path absolute = root.toAbsolutePath().normalize();
        this.errors = new FileErrors(absolute);
        this.tree = new FolderTree(absolute, errors);
        this.staging = new StagingFolder(tree, clock);
        this.links = new HardLinks(staging, link);
    }

    /**
     * Uses a folder that exists.
     *
     * @param root the folder under which the objects lie
     * @return a store
     * @throws StorageException with the code {@code storage.root-missing} if there is no such folder
     */
    public static FileSystemStorage at(Path root) {
        FileSystemStorage storage = new FileSystemStorage(root, Clock.systemUTC(), Files::createLink);
        storage.tree.requireRoot();
        return storage;
    }

    /**
     * Uses a folder, creating it, and those above it, where missing.
     *
     * @param root the folder under which the objects will lie
     * @return a store
     * @throws StorageException if the folder can't be created
     */
    public static FileSystemStorage create(Path root) {
        FileSystemStorage storage = new FileSystemStorage(root, Clock.systemUTC(), Files::createLink);
        storage.tree.createRoot();
        return storage;
    }

    @Override
    public void createIfAbsent(ObjectKey key, Content content) {
        begin("create", key);
        try {
            if (tree.kind(key) != EntryKind.MISSING) {
                throw taken(key);
            }
            try (StagedFile staged = staging.create()) {
                staged.fill(key, content);
                requireNotInterrupted("create", key);
                publishNew(staged, key);
            }
        } catch (IOException e) {
            throw errors.writing("create", key, e);
        }
    }

    private void publishNew(StagedFile staged, ObjectKey key) throws IOException {
        boolean linkable = links.work();
        if (!linkable && tree.kind(key) != EntryKind.MISSING) {
            throw taken(key);
        }
        if (publish(staged, key, linkable ? links.operation() : FolderTree::replace)) {
            makeDurable("create", key);
        } else {
            throw taken(key);
        }
    }

    /** Returns false if something lies there already, which only a link tells. */
    private boolean publish(StagedFile staged, ObjectKey key, HardLinks.Operation operation) throws IOException {
        try {
            tree.placeBelowParents(key, target -> operation.link(target, staged.path()));
            return true;
        } catch (IOException e) {
            // A network filesystem may do it, lose the reply, try again by itself and report that second try.
            if (isThere(staged, key, e)) {
                return true;
            }
            if (tree.kind(key) != EntryKind.MISSING && operation == links.operation()) {
                return false;
            }
            throw e;
        }
    }

    private boolean isThere(StagedFile staged, ObjectKey key, IOException publishing) {
        try {
            return staged.isSameFileAs(tree.file(key));
        } catch (IOException e) {
            publishing.addSuppressed(e);
            throw errors.unknownOutcome("create", key, publishing);
        }
    }

    private void makeDurable(String verb, ObjectKey key) {
        try {
            tree.syncUpwards(tree.folderOf(key));
        } catch (IOException e) {
            throw errors.unknownOutcome(verb, key, e);
        }
    }

    /** The one that created it may not have flushed the folders yet, or may have died before that. */
    private StorageException taken(ObjectKey key) throws IOException {
        EntryKind kind = tree.kind(key);
        if (kind == EntryKind.FOLDER) {
            return errors.conflict(key, key.value() + " is the folder of other objects");
        }
        if (kind == EntryKind.OTHER) {
            return errors.notAnObject(tree.file(key));
        }
        tree.syncUpwards(tree.folderOf(key));
        return errors.exists(key);
    }

    @Override
    public void put(ObjectKey key, Content content) {
        begin("put", key);
        try (StagedFile staged = staging.create()) {
            staged.fill(key, content);
            requireNotInterrupted("put", key);
            replace("put", staged, key);
        } catch (IOException e) {
            throw errors.writing("put", key, e);
        }
    }

    private void replace(String verb, StagedFile staged, ObjectKey key) throws IOException {
        EntryKind kind = tree.kind(key);
        if (kind == EntryKind.FOLDER || kind == EntryKind.OTHER) {
            throw taken(key);
        }
        publish(staged, key, FolderTree::replace);
        makeDurable(verb, key);
    }

    @Override
    public ObjectUpload upload(ObjectKey key) {
        begin("upload", key);
        try {
            return new FileUpload(this, key, staging.create());
        } catch (IOException e) {
            throw errors.writing("upload", key, e);
        }
    }

    /** The end of an upload. */
    void commit(StagedFile staged, ObjectKey key) {
        begin("upload", key);
        try {
            staged.sync();
            requireNotInterrupted("upload", key);
            replace("upload", staged, key);
        } catch (IOException e) {
            throw errors.writing("upload", key, e);
        }
    }

    /** A write of an upload. */
    void write(StagedFile staged, ObjectKey key, byte[] bytes, int offset, int length) {
        begin("upload", key);
        try {
            staged.write(bytes, offset, length);
        } catch (IOException e) {
            throw errors.writing("upload", key, e);
        }
    }

    @Override
    public InputStream open(ObjectKey key) {
        return open(key, 0, Long.MAX_VALUE);
    }

    @Override
    public InputStream open(ObjectKey key, long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "Invalid range of " + key + ": offset " + offset + " and length " + length + " must be 0 or more");
        }
        begin("read", key);
        try {
            if (tree.attributes(key).isEmpty()) {
                throw errors.notFound(key);
            }
            return FileObjectStream.open(tree.file(key), key, errors, offset, length);
        } catch (IOException e) {
            throw errors.reading("read", key, e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
        begin("look up", key);
        try {
            return tree.attributes(key)
                    .map(file -> new ObjectInfo(
                            key, file.size(), file.lastModifiedTime().toInstant()));
        } catch (IOException e) {
            throw errors.reading("look up", key, e);
        }
    }

    @Override
    public Stream<ObjectInfo> list(String prefix, String from) {
        requireOpen();
        int characteristics = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        FileListing listing = new FileListing(tree, errors, prefix, from);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(listing, characteristics), false);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
        requireOpen();
        Set<Path> folders = new LinkedHashSet<>();
        PitrException failure = null;
        for (ObjectKey key : keys) {
            begin("delete", key);
            try {
                if (tree.remove(key)) {
                    folders.add(tree.folderOf(key));
                }
            } catch (IOException e) {
                failure = first(failure, errors.writing("delete", key, e));
            } catch (StorageException e) {
                failure = first(failure, e);
            }
        }
        for (Path folder : folders) {
            try {
                tree.sync(tree.prune(folder));
            } catch (IOException e) {
                failure = first(failure, errors.writingFolder(folder, e));
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static PitrException first(@Nullable PitrException earlier, PitrException failure) {
        if (earlier == null) {
            return failure;
        }
        earlier.addSuppressed(failure);
        return earlier;
    }

    @Override
    public int removeAbandonedUploads(Duration olderThan) {
        requireOpen();
        if (olderThan.isNegative() || olderThan.isZero()) {
            throw new IllegalArgumentException("Invalid age " + olderThan + ": expected more than zero");
        }
        try {
            return staging.removeAbandoned(olderThan);
        } catch (IOException e) {
            throw errors.writingFolder(staging.folder(), e);
        }
    }

    @Override
    public boolean enforcesCreateIfAbsent() {
        requireOpen();
        try {
            return links.work();
        } catch (IOException e) {
            throw errors.writingFolder(staging.folder(), e);
        }
    }

    @Override
    public String description() {
        return errors.description();
    }

    @Override
    public String toString() {
        return description();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void begin(String verb, ObjectKey key) {
        requireOpen();
        requireNotInterrupted(verb, key);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The storage " + description() + " is closed");
        }
    }

    private void requireNotInterrupted(String verb, ObjectKey key) {
        if (Thread.currentThread().isInterrupted()) {
            throw errors.cancelled(verb, key);
        }
    }
}

package dev.pitr.storage;

import dev.pitr.error.CancelledException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one folder in the order in which their keys are listed.
 *
 * <p>A folder sorts as its name with a slash: {@code a-b} and {@code a.x} come before the folder {@code a}, whose keys
 * start with {@code a/}. A filesystem gives names in no order, so each pass over the folder keeps the least names beyond
 * those already given, up to a bound; a folder of ordinary size takes one pass.
 */
final class FolderCursor {
    static final int BATCH_SIZE = 16_384;

    private final FolderTree tree;
    private final FileErrors errors;
    private final Path folder;
    private final String keyPrefix;
    private final String namePrefix;
    private final String from;

    private String last = "";
    private Iterator<Entry> batch = Collections.emptyIterator();
    private boolean complete;

    FolderCursor(FolderTree tree, FileErrors errors, Path folder, String keyPrefix, String namePrefix, String from) {
        this.tree = tree;
        this.errors = errors;
        this.folder = folder;
        this.keyPrefix = keyPrefix;
        this.namePrefix = namePrefix;
        this.from = from;
    }

    /** An object or a folder. The name of a folder ends in a slash. */
    record Entry(String sortName, long sizeBytes, Instant modifiedAt) {
        boolean isFolder() {
            return sortName.endsWith("/");
        }
    }

    /** What all keys in this folder start with: empty, or ending in a slash. */
    String keyPrefix() {
        return keyPrefix;
    }

    @Nullable
    Entry next() {
        if (!batch.hasNext() && !complete) {
            batch = readBatch();
        }
        if (!batch.hasNext()) {
            return null;
        }
        Entry entry = batch.next();
        last = entry.sortName();
        return entry;
    }

    private Iterator<Entry> readBatch() {
        NavigableMap<String, Entry> least = new TreeMap<>();
        complete = true;
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                requireNotInterrupted();
                consider(child, least);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            tree.requireRoot();
        } catch (DirectoryIteratorException e) {
            throw errors.readingFolder(folder, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw errors.readingFolder(folder, e);
        }
        return least.values().iterator();
    }

    private void consider(Path child, NavigableMap<String, Entry> least) throws IOException {
        String name = child.getFileName().toString();
        if (isWanted(name) && !isBeyond(name, least)) {
            Entry entry = read(child, name);
            if (entry != null && entry.sortName().compareTo(last) > 0 && isFrom(entry)) {
                least.put(entry.sortName(), entry);
                if (least.size() > BATCH_SIZE) {
                    least.pollLastEntry();
                    complete = false;
                }
            }
        }
    }

    /** Judges by the name alone, before anything is read: as a folder, which sorts later, it would still be too early. */
    private boolean isWanted(String name) {
        String folderKey = keyPrefix + name + '/';
        return name.startsWith(namePrefix)
                && ObjectKey.isValid(keyPrefix + name)
                && (name + '/').compareTo(last) > 0
                && (folderKey.compareTo(from) >= 0 || from.startsWith(folderKey));
    }

    private boolean isBeyond(String name, NavigableMap<String, Entry> least) {
        boolean beyond = least.size() == BATCH_SIZE && name.compareTo(least.lastKey()) > 0;
        complete &= !beyond;
        return beyond;
    }

    private boolean isFrom(Entry entry) {
        return entry.isFolder() || (keyPrefix + entry.sortName()).compareTo(from) >= 0;
    }

    private static @Nullable Entry read(Path child, String name) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return switch (EntryKind.of(attributes)) {
                case OBJECT ->
                    new Entry(
                            name,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant());
                case FOLDER -> new Entry(name + '/', 0, Instant.EPOCH);
                case OTHER, MISSING -> null;
            };
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("Listing " + folder);
        }
    }
}

package dev.pitr.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the objects of a tree in the byte order of their keys, entering only folders that can hold some of those asked
 * for.
 */
final class FileListing implements Iterator<ObjectInfo> {
    private final FolderTree tree;
    private final FileErrors errors;
    private final String prefix;
    private final String from;
    private final Deque<FolderCursor> path = new ArrayDeque<>();
    private boolean started;
    private @Nullable ObjectInfo next;

    FileListing(FolderTree tree, FileErrors errors, String prefix, String from) {
        this.tree = tree;
        this.errors = errors;
        this.prefix = prefix;
        this.from = from;
    }

    @Override
    public boolean hasNext() {
        if (!started) {
            started = true;
            start();
        }
        while (next == null && !path.isEmpty()) {
            advance();
        }
        return next != null;
    }

    @Override
    public ObjectInfo next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        ObjectInfo found = next;
        next = null;
        return found;
    }

    private void start() {
        int nameStart = prefix.lastIndexOf('/') + 1;
        String folder = prefix.substring(0, nameStart);
        tree.requireRoot();
        if (folder.isEmpty() || isFolder(folder.substring(0, nameStart - 1))) {
            enter(folder, prefix.substring(nameStart));
        }
    }

    /** A prefix is any string, but it must not lead anywhere that no key leads to. */
    private boolean isFolder(String folder) {
        try {
            return ObjectKey.isValid(folder) && tree.isFolder(new ObjectKey(folder));
        } catch (IOException e) {
            throw errors.readingFolder(tree.root().resolve(folder), e);
        }
    }

    private void enter(String keyPrefix, String namePrefix) {
        Path folder = tree.root().resolve(keyPrefix);
        path.push(new FolderCursor(tree, errors, folder, keyPrefix, namePrefix, from));
    }

    private void advance() {
        FolderCursor cursor = path.element();
        FolderCursor.Entry entry = cursor.next();
        if (entry == null) {
            path.pop();
        } else if (entry.isFolder()) {
            enter(cursor.keyPrefix() + entry.sortName(), "");
        } else {
            next = new ObjectInfo(
                    new ObjectKey(cursor.keyPrefix() + entry.sortName()), entry.sizeBytes(), entry.modifiedAt());
        }
    }
}

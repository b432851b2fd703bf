package dev.pitr.storage;

import java.nio.file.attribute.BasicFileAttributes;

/** What lies at a path, links not followed. */
enum EntryKind {
    MISSING,
    OBJECT,
    FOLDER,
    /** A symbolic link, a pipe, a device: nothing that this store made. */
    OTHER;

    static EntryKind of(BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            return OBJECT;
        }
        return attributes.isDirectory() ? FOLDER : OTHER;
    }
}

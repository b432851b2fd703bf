package dev.pitr.restore;

import dev.pitr.error.PitrException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One folder being filled: the data directory or a tablespace. Makes folders and files that only their owner (and, as the
 * backup says, the group) can use, and never writes through a link. Thread-safe for different files.
 */
final class TargetTree {
    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> GROUP_FOLDER = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> GROUP_FILE = PosixFilePermissions.fromString("rw-r-----");
    private static final FileAttribute<?> AS_PRIVATE_FOLDER = PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER);
    private static final FileAttribute<?> AS_PRIVATE_FILE = PosixFilePermissions.asFileAttribute(PRIVATE_FILE);
    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path root;
    private final Ownership ownership;
    private final Set<String> folders = ConcurrentHashMap.newKeySet();

    TargetTree(Path root, Ownership ownership) {
        this.root = root;
        this.ownership = ownership;
    }

    Path root() {
        return root;
    }

    Path resolve(String name) {
        return root.resolve(name);
    }

    /** Makes the root and the folders above it that are absent. */
    void createRoot(Access access) {
        try {
            Path parent = root.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.isDirectory(root)) {
                Files.createDirectory(root, AS_PRIVATE_FOLDER);
            }
            Files.setPosixFilePermissions(root, access == Access.GROUP ? GROUP_FOLDER : PRIVATE_FOLDER);
            ownership.apply(root);
        } catch (IOException e) {
            throw TargetErrors.of("create", root, e);
        }
    }

    /** Makes a folder below the root, and those above it; what is there must be a folder, not a link to one. */
    void createFolder(String name, Access access) {
        if (!folders.contains(name)) {
            int slash = name.lastIndexOf('/');
            if (slash > 0) {
                createFolder(name.substring(0, slash), access);
            }
            create(name, access);
            folders.add(name);
        }
    }

    private void create(String name, Access access) {
        Path folder = root.resolve(name);
        try {
            Files.createDirectory(folder, AS_PRIVATE_FOLDER);
            if (access == Access.GROUP) {
                Files.setPosixFilePermissions(folder, GROUP_FOLDER);
            }
            ownership.apply(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw MemberName.hostile(name, "something that is not a folder stands in its place");
            }
        } catch (IOException e) {
            throw TargetErrors.of("create", folder, e);
        }
    }

    /** Creates a file, in place of what an interrupted run left. */
    FileChannel createFile(String name, Access access) {
        int slash = name.lastIndexOf('/');
        if (slash > 0) {
            createFolder(name.substring(0, slash), access);
        }
        Path file = root.resolve(name);
        try {
            try {
                return open(file, access);
            } catch (FileAlreadyExistsException e) {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw MemberName.hostile(name, "a folder stands in its place");
                }
                Files.delete(file);
                return open(file, access);
            }
        } catch (IOException e) {
            throw TargetErrors.of("create", file, e);
        }
    }

    private FileChannel open(Path file, Access access) throws IOException {
        FileChannel channel = FileChannel.open(file, NEW_FILE, AS_PRIVATE_FILE);
        try {
            if (access == Access.GROUP) {
                Files.setPosixFilePermissions(file, GROUP_FILE);
            }
            ownership.apply(file);
            return channel;
        } catch (IOException | PitrException e) {
            channel.close();
            throw e;
        }
    }

    /** Writes the first bytes of a buffer to a file that {@link #createFile} opened. */
    static void write(FileChannel channel, byte[] buffer, int length, Path file) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw TargetErrors.of("write", file, e);
        }
    }

    /** Who may use what is restored; never the others (PostgreSQL: data_directory_mode is 0700 or 0750). */
    enum Access {
        OWNER,
        GROUP
    }
}

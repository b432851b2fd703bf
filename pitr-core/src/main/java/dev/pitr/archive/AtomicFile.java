package dev.pitr.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes files that appear whole or not at all.
 *
 * @param forced whether a file is on disk before it appears
 * @param owner whose files they shall be, null for the process's user
 */
record AtomicFile(boolean forced, @Nullable UserPrincipal owner) {
    static final AtomicFile UNFORCED = new AtomicFile(false, null);
    static final AtomicFile FORCED = new AtomicFile(true, null);

    private static final int BUFFER_BYTES = 1 << 17;
    private static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Writes all of a stream; {@code check} sees the size and may refuse by throwing. */
    void write(InputStream in, Path target, LongConsumer check) throws IOException {
        String suffix = ".pitr-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
        Path temporary = target.resolveSibling(target.getFileName() + suffix);
        try {
            check.accept(copy(in, temporary));
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private long copy(InputStream in, Path temporary) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long size = 0;
        try (FileChannel out = FileChannel.open(temporary, NEW_FILE, ownerOnly(temporary))) {
            if (owner != null) {
                Files.setOwner(temporary, owner);
            }
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    size += out.write(bytes);
                }
            }
            if (forced) {
                out.force(true);
            }
        }
        return size;
    }

    private static FileAttribute<?>[] ownerOnly(Path path) {
        boolean isPosix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}

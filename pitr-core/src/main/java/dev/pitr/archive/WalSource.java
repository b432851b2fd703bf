package dev.pitr.archive;

import dev.pitr.repository.WalStore;
import dev.pitr.wal.WalFileName;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where WAL can be read from: an archive, a folder, what a backup carries, or several of these.
 *
 * <p>Implementations are safe for use by many threads at once.
 */
public interface WalSource {
    /**
     * Opens a file.
     *
     * @param name which
     * @return its bytes, to be closed by the caller; empty if, and only if, it is known that the source doesn't hold the
     *     file. The stream throws where it can tell that bytes are damaged, at the latest at its end
     * @throws dev.pitr.error.PitrException if it can't be known, or the file can't be opened
     */
    Optional<InputStream> open(WalFileName name);

    /**
     * Returns where this is, for messages; never credentials.
     *
     * @return such as {@code the archive}
     */
    String description();

    /**
     * Reads from an archive; size and SHA-256 of each file are verified while reading.
     *
     * @param archive archived WAL
     * @return the source
     */
    static WalSource of(WalStore archive) {
        return new ArchivedWal(archive);
    }

    /**
     * Reads files that lie in a folder under their own names. Nothing tells whether they are damaged.
     *
     * @param folder a folder, such as a {@code pg_wal}
     * @return the source
     */
    static WalSource of(Path folder) {
        return new FolderWal(folder);
    }

    /**
     * Returns a source that asks this one and then, for what is absent here, another.
     *
     * @param other the second source
     * @return both
     */
    default WalSource orElse(WalSource other) {
        return new FirstWal(this, other);
    }
}

package dev.pitr.repository;

import dev.pitr.storage.Content;
import dev.pitr.wal.WalFileName;
import java.io.InputStream;
import java.util.Optional;

/**
 * Archived WAL files of one incarnation, each in a zstd container: a skippable frame with a header, then the data.
 * Never replaces a file. Thread-safe.
 */
public final class WalStore {
    private WalStore() {}

    /**
     * What the container's header tells of the file inside; format 1 grows by further fields (the segment summary).
     *
     * @param rawSizeBytes size of the file
     * @param rawSha256 its SHA-256, lower-case hex
     */
    public record Header(long rawSizeBytes, String rawSha256) {}

    /**
     * Stores a WAL file, durable on return. Compresses in bounded memory (in memory up to some 64 MiB, in a temporary
     * file above). Throws ObjectExistsException if the name is taken, UnknownOutcomeException passed through: the
     * caller compares headers.
     */
    public Header create(WalFileName name, Content raw) {
        throw new UnsupportedOperationException();
    }

    /** Reads the header by one ranged read; empty if the file isn't stored. */
    public Optional<Header> header(WalFileName name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens the raw bytes; the stream verifies size and SHA-256 and throws StorageCorruptException at the end if they
     * differ. Throws ObjectNotFoundException if the file isn't stored.
     */
    public InputStream open(WalFileName name) {
        throw new UnsupportedOperationException();
    }
}

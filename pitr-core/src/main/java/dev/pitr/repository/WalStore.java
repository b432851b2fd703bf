package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.storage.Content;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.io.InputStream;
import java.util.Optional;

/**
 * Archived WAL files of one incarnation, or those that one backup carries: each in a zstd container, a skippable frame
 * with a header, then the data. Never replaces a file. Thread-safe.
 */
public final class WalStore {
    private WalStore() {}

    /**
     * What {@link #create} stored.
     *
     * @param header what the container tells of the file
     * @param object the container: its name below the incarnation's or the backup's folder, stored size and hash
     */
    public record Stored(WalHeader header, Backup.StoredObject object) {}

    /**
     * Stores a WAL file, durable on return. Compresses first, in memory up to some 32 MiB of compressed bytes, above
     * in a temporary file.
     *
     * @param name the file's name
     * @param raw its bytes, which are not checked against the name: that is the archiver's part
     * @return what was stored
     * @throws dev.pitr.storage.ObjectExistsException if the name is taken; the caller compares headers
     * @throws dev.pitr.storage.UnknownOutcomeException if it can't be known whether it was stored; likewise
     */
    public Stored create(WalFileName name, Content raw) {
        throw new UnsupportedOperationException();
    }

    /** Reads the header by one ranged read; empty if the file isn't stored. */
    public Optional<WalHeader> header(WalFileName name) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens the raw bytes; the stream verifies size and SHA-256 and throws StorageCorruptException at the end if they
     * differ. Throws ObjectNotFoundException if the file isn't stored.
     */
    public InputStream open(WalFileName name) {
        throw new UnsupportedOperationException();
    }

    /** Lists all whole segments. */
    public WalCoverage coverage() {
        throw new UnsupportedOperationException();
    }

    /** Lists the whole segments from first to last (inclusive, same timeline): proves that a path exists. */
    public WalCoverage coverage(WalSegment first, WalSegment last) {
        throw new UnsupportedOperationException();
    }
}

package dev.pitr.postgres;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What PostgreSQL's {@code backup_manifest} says of a backup as a whole (PostgreSQL documentation, "Backup Manifest
 * Format"). The files that it lists, which may be very many, are handed on while it is read.
 *
 * <p>Not listed are the WAL, the manifest itself and what the server makes anew.
 */
public final class BackupManifest {
    private final int version;
    private final Optional<Long> systemIdentifier;
    private final List<WalRange> walRanges;
    private final long fileCount;
    private final long totalBytes;

    BackupManifest(
            int version, Optional<Long> systemIdentifier, List<WalRange> walRanges, long fileCount, long totalBytes) {
        this.version = version;
        this.systemIdentifier = systemIdentifier;
        this.walRanges = List.copyOf(walRanges);
        this.fileCount = fileCount;
        this.totalBytes = totalBytes;
    }

    /**
     * Reads a manifest and verifies its own checksum, in memory that doesn't grow with it.
     *
     * <p>Files are handed on as they are read, before the checksum at the end is known to be right: what is done with them
     * counts only once this method has returned.
     *
     * @param manifest the manifest's bytes, read to their end, not closed
     * @param files takes each file, in the manifest's order
     * @return what it says of the whole
     * @throws ServerFileException {@code postgres.bad-manifest} if it is damaged, cut short, or in a format that pitr does
     *     not know
     * @throws java.io.UncheckedIOException if the stream fails
     */
    public static BackupManifest read(InputStream manifest, Consumer<? super ManifestFile> files) {
        return new ManifestReader(manifest, files).read();
    }

    /**
     * Returns the version of the manifest's format.
     *
     * @return 1 (PostgreSQL 13 to 16) or 2 (since 17)
     */
    public int version() {
        return version;
    }

    /**
     * Returns the cluster's system identifier.
     *
     * @return to be read as unsigned; empty in version 1
     */
    public Optional<Long> systemIdentifier() {
        return systemIdentifier;
    }

    /**
     * Returns the WAL that the backup needs.
     *
     * @return newest timeline first; several only if a standby's backup crossed a timeline switch
     */
    public List<WalRange> walRanges() {
        return walRanges;
    }

    /**
     * Returns how many files are listed.
     *
     * @return the number
     */
    public long fileCount() {
        return fileCount;
    }

    /**
     * Returns the sum of the sizes of the files listed.
     *
     * @return bytes
     */
    public long totalBytes() {
        return totalBytes;
    }
}

package dev.pitr.repository;

import java.util.List;

/**
 * A part: a tar archive cut into independently compressed frames. Carried WAL is a series of parts of its own,
 * whose members are {@code pg_wal/…} of the data directory.
 *
 * @param name such as {@code base/00001.tar.zst}, {@code 16390/00001.tar.zst} or {@code wal/00001.tar.zst}
 * @param tablespaceOid 0 for the data directory (and for carried WAL), else the tablespace's OID
 * @param storedSizeBytes its stored size
 * @param sha256 SHA-256 of the stored bytes, 64 lower-case hexadecimal digits
 * @param frames in order
 */
public record BackupPart(String name, int tablespaceOid, long storedSizeBytes, String sha256, List<PartFrame> frames) {
    /** Copies the list. */
    public BackupPart {
        frames = List.copyOf(frames);
    }
}

package dev.pitr.postgres;

/**
 * A checksum algorithm for the files of a base backup, as PostgreSQL's {@code MANIFEST_CHECKSUMS} option and backup
 * manifests name it.
 */
public enum ManifestChecksum {
    /** No checksums: the manifest lists names and sizes only. */
    NONE,
    /** CRC-32C, the server's default; finds damage, not malice. Manifests print its four bytes in little-endian order. */
    CRC32C,
    /** SHA-224. */
    SHA224,
    /** SHA-256, pitr's default; computed by the server while it sends. */
    SHA256,
    /** SHA-384. */
    SHA384,
    /** SHA-512. */
    SHA512
}

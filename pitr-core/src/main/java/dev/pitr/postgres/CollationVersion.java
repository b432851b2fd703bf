package dev.pitr.postgres;

/**
 * The version of a library's collation that a cluster's indexes were built with. Text indexes are damaged when a restored
 * cluster runs with another one.
 *
 * @param scope {@code database NAME} for a database's default (since PostgreSQL 15), or {@code collations} for those of
 *     the catalog of the database that was asked
 * @param provider {@code libc}, {@code icu} or {@code builtin}
 * @param version as the library tells it, such as {@code 2.36}
 */
public record CollationVersion(String scope, String provider, String version) {}

package dev.pitr.postgres;

import java.util.Optional;

/**
 * A configuration file of a running server that lies outside of its data directory, so that no base backup contains it.
 *
 * @param kind what it is
 * @param path its absolute path on the server
 * @param contents its text, as sensitive as a backup; empty if the role may not read it (superuser or
 *     {@code pg_read_server_files} may) or if it is larger than 1 MiB. Bytes that are not UTF-8 stand as one character
 *     (ISO 8859-1) each, for the whole file
 */
public record ConfigurationFile(Kind kind, String path, Optional<String> contents) {
    /** Leaves the contents out: they may hold secrets. */
    @Override
    public String toString() {
        return kind + " " + path + (contents.isPresent() ? "" : " (not readable)");
    }

    /** What a configuration file is. */
    public enum Kind {
        /** The main file, {@code postgresql.conf}. */
        MAIN,
        /** {@code pg_hba.conf}. */
        HOST_BASED_AUTHENTICATION,
        /** {@code pg_ident.conf}. */
        IDENT_MAP,
        /** A file that the main one includes and that sets at least one setting. */
        INCLUDED
    }
}

package dev.pitr.history;

/**
 * What a transaction, or another record of note, did.
 *
 * <p>At {@code wal_level = replica} the WAL names no statement: drops, truncates and rewrites are known by what they
 * leave behind. Where that isn't certain, {@link HistoryEntry#doubts()} says so.
 */
public enum ChangeKind {
    /** Changed rows of users' relations. */
    ROWS("changed rows"),
    /** Deleted more rows than the query's threshold. */
    MASS_DELETE("mass delete"),
    /** Updated more rows than the query's threshold. */
    MASS_UPDATE("mass update"),
    /** Dropped relations that have files: tables, materialized views, sequences, with their indexes. */
    DROP("drop"),
    /** Dropped indexes only. */
    INDEX_DROP("drop of an index"),
    /** Emptied tables by {@code TRUNCATE}. */
    TRUNCATE("truncate"),
    /** Wrote tables anew: {@code ALTER TABLE} with a new type, {@code VACUUM FULL}, {@code CLUSTER}, {@code REFRESH}. */
    REWRITE("rewrite"),
    /** Gave relations new files with the same content: {@code REINDEX}, a move to another tablespace, a sequence reset. */
    REBUILD("new files"),
    /** Dropped a database, at once: only a position before it brings the database back. */
    DATABASE_DROP("drop of a database"),
    /** Nothing of the above: created, granted, altered. */
    OTHER("other change"),
    /** A named restore point; no transaction. */
    RESTORE_POINT("restore point"),
    /** The start of a timeline; no transaction. */
    TIMELINE_SWITCH("timeline switch");

    private final String words;

    ChangeKind(String words) {
        this.words = words;
    }

    /** For people. */
    String words() {
        return words;
    }
}

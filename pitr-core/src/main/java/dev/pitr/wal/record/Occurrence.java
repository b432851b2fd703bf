package dev.pitr.wal.record;

/** What summaries count, so that a stretch of WAL without it can be passed over. */
public enum Occurrence {
    /** A named restore point. */
    RESTORE_POINT,
    /** A checkpoint, of any kind. */
    CHECKPOINT,
    /** The end of a base backup of a primary. */
    BACKUP_END,
    /** The start of a timeline. */
    TIMELINE_SWITCH,
    /** A start of the server with other settings. */
    PARAMETER_CHANGE,
    /** A change of {@code full_page_writes}. */
    FULL_PAGE_WRITES_CHANGE,
    /** A record that a crash cut off, overwritten afterwards. */
    OVERWRITTEN_RECORD,
    /** {@code CREATE DATABASE}. */
    DATABASE_CREATED,
    /** {@code DROP DATABASE}. */
    DATABASE_DROPPED,
    /** {@code CREATE TABLESPACE}. */
    TABLESPACE_CREATED,
    /** {@code DROP TABLESPACE}. */
    TABLESPACE_DROPPED,
    /** {@code PREPARE TRANSACTION}. */
    PREPARED_TRANSACTION,
    /** A commit that removes relation files: a drop, a truncate or a rewrite. */
    FILES_DROPPED,
    /** A {@code TRUNCATE} that the WAL names, at {@code wal_level = logical}. */
    TABLES_TRUNCATED
}

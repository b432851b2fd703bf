package dev.pitr.catalog;

/**
 * An object that belongs to the catalogue and could not be read: what it would have told is missing from it.
 *
 * @param kind what it is
 * @param key the object's key in the storage
 * @param code the stable code of the error, such as {@code repository.corrupt}
 * @param reason what is wrong with it and what to do, for people
 */
public record Unreadable(Kind kind, String key, String code, String reason) {
    /** What an unreadable object is. */
    public enum Kind {
        /** A backup: its record is damaged, or in a format that this release doesn't know. */
        BACKUP,
        /** Objects below a backup's folder without a record of it: what is left of one, as a rule. */
        BACKUP_REMAINS,
        /** The history of a timeline. */
        TIMELINE_HISTORY,
        /** A WAL segment, or its summary. */
        WAL_SEGMENT
    }
}

package dev.pitr.repository;

import dev.pitr.storage.ObjectKey;
import java.util.regex.Pattern;

/**
 * What an object of a repository is to those who pay for it: how much there is of its kind, and how often it is read.
 * Stores choose storage classes, tags and lifecycle rules by it.
 */
public enum ObjectKind {
    /** WAL segments, whole and partial: most objects, read when a restore gets there. */
    WAL("wal"),
    /** The parts of backups, their own WAL included: most bytes, read by restores only. */
    BACKUP_DATA("backup-data"),
    /** The records, part lists and manifests of backups: small, read by each catalogue and plan. */
    BACKUP_RECORD("backup-record"),
    /** Index pages and roll-ups: small, derived, read by plans and searches. */
    INDEX("index"),
    /** All else: incarnations, timeline histories, holds, reports. Small, and never to be lost. */
    RECORD("record");

    private static final Pattern INCARNATION = Pattern.compile("\\d+-\\d+");

    private final String label;

    ObjectKind(String label) {
        this.label = label;
    }

    /**
     * Returns the word for this kind in tags and rules. It doesn't change.
     *
     * @return lower-case letters and dashes
     */
    public String label() {
        return label;
    }

    /**
     * Tells an object's kind from its key.
     *
     * @param key an object of a repository; any other is {@link #RECORD}, the kind that nothing is done to
     * @return its kind
     */
    public static ObjectKind of(ObjectKey key) {
        // repository / incarnation / folder / ...
        String[] parts = key.value().split("/", -1);
        if (parts.length < 4 || !INCARNATION.matcher(parts[1]).matches()) {
            return RECORD;
        }
        return switch (parts[2]) {
            case "wal" -> key.value().endsWith(RepositoryLayout.HISTORY) ? RECORD : WAL;
            case "index" -> INDEX;
            case "backups" -> parts.length > 5 ? BACKUP_DATA : BACKUP_RECORD;
            default -> RECORD;
        };
    }
}

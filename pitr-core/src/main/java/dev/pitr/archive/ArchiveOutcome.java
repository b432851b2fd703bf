package dev.pitr.archive;

/** How a WAL file came to be in the repository. Either way it is there, durable, with exactly the file's bytes. */
public enum ArchiveOutcome {
    /** This call stored it. */
    ARCHIVED,
    /** It was there already, with the same bytes. */
    ALREADY_ARCHIVED
}

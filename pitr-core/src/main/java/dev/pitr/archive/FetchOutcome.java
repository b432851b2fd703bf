package dev.pitr.archive;

/** Whether a WAL file was there. Whatever keeps that from being known is an exception, never an outcome. */
public enum FetchOutcome {
    /** The target holds the whole file. */
    FETCHED,
    /** The source was asked and doesn't hold the file; the target was not touched. */
    ABSENT
}

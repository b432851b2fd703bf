package dev.pitr.postgres;

/** How the server takes the checkpoint with which a base backup starts. */
public enum CheckpointPace {
    /** At once, with a burst of writes. */
    FAST,
    /** Spread over time as a regular checkpoint; the backup starts only minutes later. */
    SPREAD
}

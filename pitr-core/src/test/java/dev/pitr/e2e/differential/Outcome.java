package dev.pitr.e2e.differential;

import dev.pitr.wal.Lsn;
import java.util.SortedSet;

/**
 * What a real server made of its recovery.
 *
 * @param kind how it ended
 * @param end where the last replayed record ends; 0/0 after an error
 * @param rows what it shows; empty after an error
 * @param log all that it said
 */
record Outcome(Kind kind, Lsn end, SortedSet<Long> rows, String log) {
    /** How a recovery ends. */
    enum Kind {
        /** It stopped at its target and waits. */
        PAUSED,
        /** It ended, and the server is open for writes on a new timeline. */
        PROMOTED,
        /** It ended with an error. */
        FAILED
    }
}

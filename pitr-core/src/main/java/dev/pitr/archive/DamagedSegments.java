package dev.pitr.archive;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a whole segment whose records end before it does. No replay can go past such a point. */
public enum DamagedSegments {
    /** It is refused. The server keeps it and tries again, so its {@code pg_wal} grows until somebody looks. */
    REFUSE,
    /**
     * It is archived as it is, with a warning in the log, so that the server can go on. What comes after it needs a new
     * backup; plans and windows end before it.
     */
    ARCHIVE;

    private static final Logger LOG = LoggerFactory.getLogger(DamagedSegments.class);

    void meet(WalRejectedException fault) {
        if (this == REFUSE) {
            throw fault;
        }
        LOG.warn("Archiving a damaged segment because that is allowed. {}", fault.getMessage());
    }
}

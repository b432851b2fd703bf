package dev.pitr.restore;

/** What the restored server shall be. */
public enum RestoredRole {
    /**
     * An independent copy: recovers to the target, then lives on its own timeline. It archives nothing until its owner
     * gives it a place of its own, since archiving where the original archives would mix two clusters.
     */
    COPY,
    /**
     * A standby: replays the planned WAL, then waits for more ({@code standby.signal}). Where it streams from is for the
     * caller to set ({@code primary_conninfo}). It archives nothing either.
     */
    STANDBY
}

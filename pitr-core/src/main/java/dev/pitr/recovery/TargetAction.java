package dev.pitr.recovery;

import java.util.Locale;

/**
 * What the server does once it has reached the target: {@code recovery_target_action}. Without a target
 * ({@link RecoveryTarget.Latest}) the setting has no effect: at the end of the WAL the server promotes.
 */
public enum TargetAction {
    /**
     * Wait, readable, for {@code pg_wal_replay_resume()}, which promotes. PostgreSQL's default. With
     * {@code hot_standby = off} it acts as {@link #SHUTDOWN}; if the server isn't readable yet at the target, it
     * promotes ({@code xlogrecovery.c}).
     */
    PAUSE,
    /** Open a new timeline and accept writes. */
    PROMOTE,
    /** Shut down; a restart replays to the same target again. */
    SHUTDOWN;

    /**
     * Parses the setting's value.
     *
     * @param text {@code pause}, {@code promote} or {@code shutdown}
     * @return the action
     * @throws InvalidTargetException if the text is none of them
     */
    public static TargetAction parse(String text) {
        for (TargetAction action : values()) {
            if (action.toString().equals(text)) {
                return action;
            }
        }
        throw new InvalidTargetException(
                "Cannot use recovery target action \"" + text + "\": expected pause, promote or shutdown");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.pitr.recovery;

/** Whether recovery replays the very thing that a target names: {@code recovery_target_inclusive}. */
public enum Inclusion {
    /** Stop after it. PostgreSQL's default. */
    INCLUSIVE,
    /** Stop before it. */
    EXCLUSIVE;

    String setting() {
        return this == INCLUSIVE ? "true" : "false";
    }
}

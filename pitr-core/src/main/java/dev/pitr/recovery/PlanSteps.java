package dev.pitr.recovery;

import java.util.List;

/** The steps of a restore, for people. */
final class PlanSteps {
    private PlanSteps() {}

    static List<String> of(RestorePlan plan) {
        return List.of(
                "Check the target directory, the tablespaces and the server binaries (PostgreSQL "
                        + plan.identity().version() + ").",
                "Fetch backup " + plan.backup().id() + " and unpack it; each file is checked as it is written.",
                "Write the settings and recovery.signal, pg_control last.",
                "Start the server. It replays WAL from " + plan.backup().startLsn() + " and is consistent at "
                        + plan.backup().stopLsn() + ".",
                atTarget(plan));
    }

    private static String atTarget(RestorePlan plan) {
        if (plan.effectiveTarget() instanceof RecoveryTarget.Latest) {
            return "At the end of the " + (plan.isOpenEnded() ? "archived" : "planned")
                    + " WAL it promotes and opens timeline " + plan.newTimeline() + ".";
        }
        return switch (plan.action()) {
            case PAUSE ->
                "At the target it pauses. Look around; then SELECT pg_wal_replay_resume() opens timeline "
                        + plan.newTimeline() + ", or stop it and restore to another target.";
            case PROMOTE -> "At the target it promotes and opens timeline " + plan.newTimeline() + ".";
            case SHUTDOWN ->
                "At the target it shuts down. Until recovery.signal is removed, each start replays to the"
                        + " target again.";
        };
    }
}

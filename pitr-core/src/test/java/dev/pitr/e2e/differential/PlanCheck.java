package dev.pitr.e2e.differential;

import dev.pitr.e2e.differential.RecoveryModel.Result;
import dev.pitr.e2e.differential.RecoveryModel.Verdict;
import dev.pitr.recovery.RecoveryStop;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.StopPrediction;
import dev.pitr.recovery.TargetAction;
import java.util.List;
import java.util.Optional;

/** Compares a plan with what came of it. */
final class PlanCheck {
    private final World world;
    private final RestorePlan plan;
    private final List<PlainRecord> records;
    private final Outcome outcome;

    PlanCheck(World world, RestorePlan plan, List<PlainRecord> records, Outcome outcome) {
        this.world = world;
        this.plan = plan;
        this.records = records;
        this.outcome = outcome;
    }

    /** What the server did otherwise than predicted. */
    Optional<String> difference() {
        StopPrediction prediction = plan.predictedStop();
        if (prediction.kind() != StopPrediction.Kind.EXACT || prediction.stop().isEmpty()) {
            return Optional.of("the plan doesn't tell where it ends: " + prediction);
        }
        RecoveryStop stop = prediction.stop().get();
        if (outcome.kind() == Outcome.Kind.FAILED) {
            return Optional.of("the server failed");
        }
        if (!outcome.end().equals(stop.end())) {
            return Optional.of("the server ended at " + outcome.end() + " instead of " + stop.end());
        }
        for (String message : stop.messages()) {
            if (!outcome.log().contains(message)) {
                return Optional.of("the server didn't say \"" + message + "\"");
            }
        }
        if (plan.action() == TargetAction.PROMOTE && outcome.kind() != Outcome.Kind.PROMOTED) {
            return Optional.of("the server wasn't promoted");
        }
        return transactions(stop);
    }

    private Optional<String> transactions(RecoveryStop stop) {
        List<PlainRecord> replayed = records.stream()
                .filter(found -> !found.end().isAfter(stop.end()))
                .toList();
        if (!outcome.rows().equals(world.rowsAfter(plan.backup(), replayed))) {
            return Optional.of("the server shows other rows than the clients wrote up to " + stop.end());
        }
        Optional<Long> lastCommit = replayed.stream()
                .filter(PlainRecord::isCommit)
                .map(PlainRecord::stopXid)
                .reduce((earlier, later) -> later);
        Optional<Long> predicted = stop.lastCommit().map(commit -> commit.xid());
        return predicted.equals(lastCommit)
                ? Optional.empty()
                : Optional.of("the last commit is " + lastCommit + ", the plan says " + predicted);
    }

    /** Where the plan is exact, but not what the target means. */
    Optional<String> differenceFrom(Result meant) {
        boolean endsThere = meant.verdict() != Verdict.FATAL && meant.end().equals(outcome.end());
        boolean isIdle = plan.target() instanceof RecoveryTarget.Time
                && meant.message().startsWith("recovery ended before")
                && outcome.rows().equals(world.rowsAfter(plan.backup(), records));
        return endsThere || isIdle
                ? Optional.empty()
                : Optional.of("the target means " + meant + ", the plan something else");
    }
}

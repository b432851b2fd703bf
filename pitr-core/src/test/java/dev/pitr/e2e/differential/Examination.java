package dev.pitr.e2e.differential;

import dev.pitr.e2e.differential.RecoveryModel.Result;
import dev.pitr.e2e.differential.RecoveryModel.Verdict;
import dev.pitr.recovery.Alternative;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.Refusal;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestorePlanBuilder;
import dev.pitr.recovery.RestoreRefusedException;
import dev.pitr.recovery.TimelineTarget;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks pitr's plan, the model and a real server the same question, and compares the answers.
 *
 * <ul>
 *   <li>A plan is carried out with its own backup and settings: the server must end exactly where the plan says, say what
 *       it says, and show the rows of exactly the transactions up to there; and that must be what the target means.
 *   <li>A refused target really runs, with all WAL in reach, as a user would try it: the server must end with an error, or
 *       end without one in one of the ways that are known to be wrong.
 * </ul>
 */
final class Examination {
    private static final String PREPARED_IS_LOST = "has already been removed";

    private final World world;
    private final Totals totals;

    Examination(World world, Totals totals) {
        this.world = world;
        this.totals = totals;
    }

    void examine(Trial trial) {
        try {
            RestorePlan plan = request(trial).build();
            carryOut(trial, plan, "stops exactly");
        } catch (RestoreRefusedException refused) {
            tryAnyway(trial, refused.refusals());
            if (totals.targets() % 4 == 0) {
                refused.refusals().stream()
                        .flatMap(refusal -> refusal.alternative().stream())
                        .findFirst()
                        .ifPresent(this::takeAlternative);
            }
        }
    }

    private void takeAlternative(Alternative instead) {
        TimelineId timeline = world.timelines().stream()
                .filter(known -> instead.timeline().equals(TimelineTarget.number(known)))
                .findFirst()
                .orElseThrow();
        Trial trial = new Trial(instead.backup(), false, timeline, instead.target(), "");
        RestorePlanBuilder request = request(trial);
        if (instead.endsBeforeGap()) {
            carryOut(
                    trial,
                    request.endBeforeGap().build(),
                    "ends before a gap, as proposed instead",
                    check -> Optional.empty());
        } else {
            carryOut(trial, request.build(), "stops exactly, as proposed instead");
        }
    }

    private RestorePlanBuilder request(Trial trial) {
        RestorePlanBuilder builder = RestorePlan.from(world.catalogue())
                .index(world.index())
                .target(trial.target())
                .timeline(TimelineTarget.number(trial.timeline()));
        return trial.choosesBackup() ? builder : builder.backup(trial.backup().id());
    }

    private void carryOut(Trial trial, RestorePlan plan, String verdict) {
        List<PlainRecord> records = world.records(plan.backup(), plan.history().timeline());
        Result meant = RecoveryModel.recover(plan.backup(), Optional.of(plan.history()), records, trial.target());
        carryOut(trial, plan, verdict, check -> check.differenceFrom(meant));
    }

    private void carryOut(
            Trial trial, RestorePlan plan, String verdict, Function<PlanCheck, Optional<String>> meaning) {
        List<PlainRecord> records = world.records(plan.backup(), plan.history().timeline());
        try (Recovery recovery = recovery(plan)) {
            Outcome outcome = recovery.await();
            PlanCheck check = new PlanCheck(world, plan, records, outcome);
            check.difference()
                    .or(() -> meaning.apply(check))
                    .ifPresent(text -> report(
                            text, trial, plan + "\n" + plan.predictedStop().describe(), outcome));
        }
        totals.add(trial, verdict);
    }

    /** Unpacked copies are cheaper; what crosses a fork needs more than settings. */
    private Recovery recovery(RestorePlan plan) {
        boolean isWithinATimeline =
                plan.segments().get(0).timeline().equals(plan.history().timeline());
        return isWithinATimeline && totals.targets() % 5 > 0
                ? Recovery.start(world, plan.backup(), plan.recoverySettings())
                : Recovery.of(world, plan);
    }

    private void tryAnyway(Trial trial, List<Refusal> refusals) {
        Optional<TimelineHistory> history = world.wal().history(trial.timeline());
        List<PlainRecord> records = history.isPresent() ? world.records(trial.backup(), trial.timeline()) : List.of();
        Result expected = RecoveryModel.recover(trial.backup(), history, records, trial.target());
        try (Recovery recovery = Recovery.start(world, trial.backup(), trial.settings())) {
            Outcome outcome = recovery.await();
            differenceFromModel(trial, expected, records, outcome)
                    .or(() -> wrongRefusal(trial, refusals, outcome))
                    .ifPresent(text -> report(text, trial, refusals + "\n" + expected, outcome));
            totals.add(trial, outcome.kind() == Outcome.Kind.FAILED ? "fails" : "ends elsewhere");
        }
    }

    private Optional<String> differenceFromModel(
            Trial trial, Result expected, List<PlainRecord> records, Outcome outcome) {
        boolean failed = outcome.kind() == Outcome.Kind.FAILED;
        if (failed && outcome.log().contains(PREPARED_IS_LOST)) {
            // Whatever lies behind; TrapsIT shows when that happens, and a plan finds the way around.
            return Optional.empty();
        }
        if (!outcome.log().contains(expected.message())) {
            return Optional.of("the server didn't say \"" + expected.message() + "\"");
        }
        if (failed || expected.verdict() == Verdict.FATAL) {
            return failed && expected.verdict() == Verdict.FATAL
                    ? Optional.empty()
                    : Optional.of("expected " + expected.verdict() + ", but it " + outcome.kind());
        }
        if (!outcome.end().equals(expected.end())) {
            return Optional.of("expected the end at " + expected.end() + ", it was at " + outcome.end());
        }
        return outcome.rows().equals(world.rowsAfter(trial.backup(), records.subList(0, expected.replayed())))
                ? Optional.empty()
                : Optional.of("the server shows other rows than the clients wrote");
    }

    /** What is refused though a server ends without an error must be known to end in the wrong place. */
    private static Optional<String> wrongRefusal(Trial trial, List<Refusal> refusals, Outcome outcome) {
        if (outcome.kind() == Outcome.Kind.FAILED) {
            return Optional.empty();
        }
        boolean isKnown = refusals.stream().anyMatch(refusal -> switch (refusal.kind()) {
            // No transaction ended while the backup ran, or the clock went back: it stops behind the moment.
            case BEFORE_CONSISTENT -> trial.target() instanceof RecoveryTarget.Time;
            // It ends at the gap, as if nothing had ever been behind.
            case WAL_GAP, WAL_DAMAGED -> trial.target() instanceof RecoveryTarget.Latest;
            // It takes the parent's file, and the parent's records behind the fork.
            case SWITCH_SEGMENT_MISSING -> true;
            default -> false;
        });
        return isKnown ? Optional.empty() : Optional.of("refused, but the server does what was asked");
    }

    private void report(String what, Trial trial, String prediction, Outcome outcome) {
        totals.disagreement(String.join(
                "\n",
                what,
                "  PostgreSQL " + world.version() + ", " + world,
                "  target:     " + trial,
                "  prediction: " + prediction,
                "  server:     " + outcome.kind() + " at " + outcome.end(),
                outcome.log()));
    }
}

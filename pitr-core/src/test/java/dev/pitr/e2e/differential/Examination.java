package dev.pitr.e2e.differential;

import dev.pitr.e2e.differential.RecoveryModel.Verdict;
import dev.pitr.wal.TimelineHistory;
import java.util.List;
import java.util.Optional;

/** Asks the model and a real server the same question, and compares the answers. */
final class Examination {
    private final World world;
    private final Totals totals;

    Examination(World world, Totals totals) {
        this.world = world;
        this.totals = totals;
    }

    void examine(Trial trial) {
        Optional<TimelineHistory> history = world.wal().history(trial.timeline());
        List<PlainRecord> records = history.isPresent() ? world.records(trial.backup(), trial.timeline()) : List.of();
        RecoveryModel.Result expected = RecoveryModel.recover(trial.backup(), history, records, trial.target());
        try (Recovery recovery = Recovery.start(world, trial.backup(), trial.settings())) {
            Outcome outcome = recovery.await();
            difference(trial, expected, records, outcome)
                    .ifPresent(text -> totals.disagreement(report(text, trial, expected, outcome)));
        }
        totals.add(trial, expected.verdict().toString());
    }

    private Optional<String> difference(
            Trial trial, RecoveryModel.Result expected, List<PlainRecord> records, Outcome outcome) {
        if (!outcome.log().contains(expected.message())) {
            return Optional.of("the server didn't say \"" + expected.message() + "\"");
        }
        boolean failed = outcome.kind() == Outcome.Kind.FAILED;
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

    private String report(String what, Trial trial, Object prediction, Outcome outcome) {
        return String.join(
                "\n",
                what,
                "  PostgreSQL " + world.version() + ", " + world,
                "  target:     " + trial,
                "  prediction: " + prediction,
                "  server:     " + outcome.kind() + " at " + outcome.end(),
                outcome.log());
    }
}

package dev.pitr.examples.cli;

import dev.pitr.recovery.RestorePlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pitr plan}. */
@Command(name = "plan", description = "Shows how a target would be reached, or why it can't be. Restores nothing.")
final class PlanCommand extends Subcommand {
    @Mixin
    private final TargetOptions target = new TargetOptions();

    @Override
    public Integer call() {
        RestorePlan plan = target.plan(repository().open());
        output().print(plan.describe(), plan.toJson());
        return ExitCode.OK.status();
    }
}

package dev.pitr.examples.cli;

import dev.pitr.recovery.RestorePlan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code pitr plan}. */
@Command(name = "plan", description = "Shows how a target would be reached, or why it can't be. Restores nothing.")
final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
    private PitrCommand program;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
    private CommandSpec spec;

    @Mixin
    private final TargetOptions target = new TargetOptions();

    @Override
    public Integer call() {
        RestorePlan plan = target.plan(program.repository().open());
        program.output(spec).print(plan.describe(), plan.toJson());
        return ExitCode.OK.status();
    }
}

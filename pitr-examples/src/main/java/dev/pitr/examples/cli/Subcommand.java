package dev.pitr.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command of the program: returns its exit status. */
abstract class Subcommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
    private PitrCommand program;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
    private CommandSpec spec;

    /** Returns what the options before the command say of the repository. */
    final RepositoryOptions repository() {
        return program.repository();
    }

    /** Returns where the command's results go. */
    final Output output() {
        return program.output(spec);
    }
}

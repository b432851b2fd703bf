package dev.pitr.examples.cli;

import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code pitr} program. */
@Command(
        name = "pitr",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramVersion.class,
        description = "PostgreSQL point-in-time recovery.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitCommand.class,
            ArchiveCommand.class,
            ServeCommand.class,
            FetchCommand.class,
            BackupCommand.class,
            CheckCommand.class,
            CatalogCommand.class,
            IndexCommand.class,
            WindowCommand.class,
            FindCommand.class,
            RestorePointsCommand.class,
            InspectCommand.class,
            PlanCommand.class,
            RestoreCommand.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            " 0:done",
            " 2:the command line is wrong; nothing was done",
            " 3:something failed: storage, server, damaged or foreign data",
            " 4:the restore can't be planned; the message names the nearest alternatives",
            " 5:backup: complete, but WAL that it needs is not archived yet",
            " 6:archive: another file is stored under the name; nothing was replaced",
            "44:fetch: the repository holds no such file; find, restore-points, window: there is nothing"
        })
public final class PitrCommand {
    @Mixin
    private final RepositoryOptions repository = new RepositoryOptions();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document instead of text.")
    private boolean json;

    PitrCommand() {}

    /**
     * Runs the program and exits.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        int status;
        try {
            status = run(arguments);
        } catch (Error e) {
            // Left to the JVM, it would end with status 1, as one that didn't start.
            e.printStackTrace();
            status = ExitCode.FAILED.status();
        }
        System.exit(status);
    }

    /** Runs the program and returns its exit status. */
    static int run(String... arguments) {
        OptionalInt status = WalCommands.tryRun(arguments);
        return status.isPresent() ? status.getAsInt() : commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new PitrCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, command, parsed) -> {
                    PitrCommand program =
                            (PitrCommand) command.getCommandSpec().root().userObject();
                    return new Failure(error, program.json).report(command.getOut(), command.getErr());
                });
    }

    RepositoryOptions repository() {
        return repository;
    }

    Output output(CommandLine.Model.CommandSpec command) {
        return new Output(command.commandLine().getOut(), json);
    }
}

package dev.pitr.examples.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code pitr fetch}, which a restored server calls. {@link WalCommands} runs it. */
@Command(
        name = "fetch",
        description = {
            "Fetches one WAL file, whole or not at all. Exits 44 if the repository holds no such file.",
            "Not a restore_command by itself, since a server takes 1 to 125 for the end of WAL and promotes:",
            "pitr restore --wal command writes the right line."
        })
final class FetchCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before the command runs
    private PitrCommand program;

    @Parameters(index = "0", paramLabel = "NAME", description = "The file's name.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "Where to write it.")
    private Path to = Path.of("");

    @Override
    public Integer call() {
        return WalCommands.fetch(program.repository().open(), name, to);
    }
}

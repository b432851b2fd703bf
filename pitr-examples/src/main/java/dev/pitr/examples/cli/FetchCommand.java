package dev.pitr.examples.cli;

import dev.pitr.archive.FetchOutcome;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pitr fetch}, which a restored server calls. {@link WalCommands} runs it. */
@Command(
        name = "fetch",
        description = {
            "Fetches one WAL file, whole or not at all. Exits 44 if the repository holds no such file.",
            "Not a restore_command by itself, since a server takes 1 to 125 for the end of WAL and promotes:",
            "pitr restore --wal command writes the right line."
        })
final class FetchCommand extends Subcommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The file's name.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "Where to write it.")
    private Path to = Path.of("");

    @Override
    public Integer call() {
        FetchOutcome outcome = WalCommands.fetch(repository().open(), name, to);
        output().printJson(json -> json.writeBooleanField("fetched", outcome == FetchOutcome.FETCHED));
        return WalCommands.status(outcome);
    }
}

package dev.pitr.examples.cli;

import dev.pitr.archive.ArchiveOutcome;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pitr archive}, made for {@code archive_command}. {@link WalCommands} runs it. */
@Command(
        name = "archive",
        description = {
            "Archives one file of pg_wal. Exits 0 only when it is durable; the same file again is success.",
            "archive_command = 'java -jar pitr.jar --repository file:///DIR archive %p'"
        })
final class ArchiveCommand extends Subcommand {
    @Parameters(paramLabel = "PATH", description = "The file: %%p in archive_command.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        ArchiveOutcome outcome = WalCommands.archive(repository().open(), file);
        output().printJson(
                        json -> json.writeBooleanField("already-archived", outcome == ArchiveOutcome.ALREADY_ARCHIVED));
        return ExitCode.OK.status();
    }
}

package dev.pitr.examples.cli;

import dev.pitr.archive.ArchiveOutcome;
import dev.pitr.archive.DamagedSegments;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pitr archive}, made for {@code archive_command}. {@link WalCommands} runs it. */
@Command(
        name = "archive",
        description = {
            "Archives one file of pg_wal. Exits 0 only when it is durable; the same file again is success.",
            "archive_command = 'java -jar pitr.jar --repository file:///DIR archive %%p'"
        })
final class ArchiveCommand extends Subcommand {
    @Parameters(paramLabel = "PATH", description = "The file: %%p in archive_command.")
    private Path file = Path.of("");

    @Option(
            names = "--even-damaged",
            description = "Archive a segment even if its records are damaged, so that the server can go on. No restore"
                    + " gets past the damage: take a new backup at once.")
    private boolean evenDamaged;

    @Override
    public Integer call() {
        ArchiveOutcome outcome = repository()
                .open()
                .archiver()
                .damagedSegments(evenDamaged ? DamagedSegments.ARCHIVE : DamagedSegments.REFUSE)
                .build()
                .archive(file);
        output().printJson(
                        json -> json.writeBooleanField("already-archived", outcome == ArchiveOutcome.ALREADY_ARCHIVED));
        return ExitCode.OK.status();
    }
}

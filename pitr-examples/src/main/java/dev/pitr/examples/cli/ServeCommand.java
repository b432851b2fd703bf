package dev.pitr.examples.cli;

import dev.pitr.archive.ArchiveServer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitr serve}. */
@Command(
        name = "serve",
        description = {
            "Archives for a running server until it is ended: prints the archive_command, a line of sh, through which the"
                    + " server hands over its WAL. Costs no JVM a segment, and archives a backlog several files at once.",
            "While it doesn't run, the server keeps its files and tries again."
        })
final class ServeCommand extends Subcommand {
    @Option(
            names = "--wal-directory",
            required = true,
            paramLabel = "DIR",
            description = "The server's pg_wal, as this program sees it.")
    private Path walDirectory = Path.of("");

    @Option(
            names = "--spool",
            required = true,
            paramLabel = "DIR",
            description =
                    "A folder for both to talk through, one to a server; the server's user must be able to enter it"
                            + " and to write to it. Made if absent.")
    private Path spool = Path.of("");

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many files are archived at once. Default: ${DEFAULT-VALUE}.",
            defaultValue = "4")
    private int jobs = 1;

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (ArchiveServer server = ArchiveServer.builder(
                        spool.toAbsolutePath(),
                        walDirectory,
                        repository().open().archiver().build())
                .parallelism(jobs)
                .start()) {
            // Else a server that waits would learn of the end only by the missing signs of life.
            Thread closing = new Thread(server::close, "pitr-serve-end");
            Runtime.getRuntime().addShutdownHook(closing);
            String setting = server.command().setting();
            output().print(
                            setting,
                            json -> json.writeStringField(
                                    "archive-command", server.command().line()));
            ended.await();
        }
        return ExitCode.OK.status();
    }
}

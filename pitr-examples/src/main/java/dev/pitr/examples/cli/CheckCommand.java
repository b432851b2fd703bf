package dev.pitr.examples.cli;

import dev.pitr.archive.ArchiveCheck;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pitr check}. */
@Command(
        name = "check",
        description =
                "Proves that archiving works: switches a segment, waits until it is durable, reads it back, compares.")
final class CheckCommand extends Subcommand {
    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(names = "--wait", paramLabel = "SECONDS", description = "How long to wait for the segment. Default: 60.")
    private int waitSeconds = 60;

    @Override
    public Integer call() {
        ArchiveCheck.Result result =
                repository().open().check(server.url(), server.properties(), Duration.ofSeconds(waitSeconds));
        output().print(text(result), json -> {
            json.writeStringField("segment", result.segment().name());
            json.writeNumberField(
                    "milliseconds-to-durable", result.timeToDurable().toMillis());
            json.writeBooleanField(
                    "compared-with-server", result.comparison() == ArchiveCheck.Comparison.SAME_AS_SERVER);
        });
        return ExitCode.OK.status();
    }

    private static String text(ArchiveCheck.Result result) {
        String compared = switch (result.comparison()) {
            case SAME_AS_SERVER -> "It equals the server's own file";
            case SERVER_FILE_NOT_READABLE ->
                "It was not compared with the server's own file, which this role"
                        + " may not read or which is recycled already";
        };
        return "Segment " + result.segment() + " was durable "
                + result.timeToDurable().toMillis() + " ms after the switch and reads back whole. " + compared;
    }
}

package dev.pitr.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a restore or archive command as the server does: placeholders replaced, {@code sh -c} in the data directory. */
final class ServerShell {
    static final String TARGET = "pg_wal/RECOVERYXLOG";

    private final String shell;
    private final Path dataDirectory;

    ServerShell(String shell, Path dataDirectory) throws IOException {
        this.shell = shell;
        this.dataDirectory = dataDirectory;
        Files.createDirectories(dataDirectory.resolve("pg_wal"));
    }

    /** The shells of this machine that can be a server's sh. */
    static Stream<String> shells() {
        return Stream.of("sh", "dash", "bash", "ksh", "mksh", "yash")
                .filter(name -> Stream.of("/bin", "/usr/bin").anyMatch(f -> Files.isExecutable(Path.of(f, name))));
    }

    Path target() {
        return dataDirectory.resolve(TARGET);
    }

    /** Runs the command for one file and returns the exit status. */
    int run(String line, String fileName) throws IOException, InterruptedException {
        Files.deleteIfExists(target());
        Process process = builder(line, fileName).start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Still running: " + line);
        }
        return process.exitValue();
    }

    ProcessBuilder builder(String line, String fileName) {
        return builder(replaced(line, fileName, TARGET));
    }

    private ProcessBuilder builder(String script) {
        List<String> command =
                shell.equals("bash") ? List.of("bash", "--posix", "-c", script) : List.of(shell, "-c", script);
        return new ProcessBuilder(command)
                .directory(dataDirectory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /**
     * What an archive command said.
     *
     * @param status its exit status
     * @param log its standard error
     */
    record Answer(int status, String log) {}

    /** Runs an archive command for a file of this data directory. */
    Answer archive(String line, String fileName) throws IOException, InterruptedException {
        Process process = startArchiving(line, fileName);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("Still running: " + line);
        }
        return new Answer(process.exitValue(), Files.readString(log()));
    }

    Process startArchiving(String line, String fileName) throws IOException {
        return builder(replaced(line, fileName, "pg_wal/" + fileName))
                .redirectError(log().toFile())
                .start();
    }

    private Path log() {
        return dataDirectory.resolve("log");
    }

    /** As {@code replace_percent_placeholders} in {@code percentrepl.c}, which refuses what it doesn't know. */
    private static String replaced(String line, String fileName, String path) {
        return Pattern.compile("%(.?)").matcher(line).replaceAll(placeholder -> switch (placeholder.group(1)) {
            case "%" -> "%";
            case "f" -> fileName;
            case "p" -> path;
            default -> throw new AssertionError("Unknown placeholder in " + line);
        });
    }
}

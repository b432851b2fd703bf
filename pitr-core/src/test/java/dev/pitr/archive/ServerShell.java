package dev.pitr.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Runs a restore command as the server does: placeholders replaced, {@code sh -c} in the data directory. */
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
        List<String> command = shell.equals("bash")
                ? List.of("bash", "--posix", "-c", replaced(line, fileName))
                : List.of(shell, "-c", replaced(line, fileName));
        return new ProcessBuilder(command)
                .directory(dataDirectory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** As {@code replace_percent_placeholders} in {@code percentrepl.c}, which refuses what it doesn't know. */
    static String replaced(String line, String fileName) {
        return Pattern.compile("%(.?)").matcher(line).replaceAll(placeholder -> switch (placeholder.group(1)) {
            case "%" -> "%";
            case "f" -> fileName;
            case "p" -> TARGET;
            default -> throw new AssertionError("Unknown placeholder in " + line);
        });
    }
}

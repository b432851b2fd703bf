package dev.pitr.testing;

import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code postgres} process of one data directory, and its log. Killed at the latest when the JVM exits. */
final class ServerProcess {
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(10);

    private final PostgresVersion version;
    private final Path dataDirectory;
    private final Path logFile;
    private final Thread killAtExit = new Thread(this::kill, "kill test server");
    private Process process;

    ServerProcess(PostgresVersion version, Path dataDirectory, Path logFile) {
        this.version = version;
        this.dataDirectory = dataDirectory;
        this.logFile = logFile;
        Runtime.getRuntime().addShutdownHook(killAtExit);
    }

    /** Starts the server with settings that win over those in files. */
    void start(Map<String, String> settings) {
        List<String> arguments = new ArrayList<>(List.of("-D", dataDirectory.toString()));
        settings.forEach((name, value) -> {
            arguments.add("-c");
            arguments.add(name + "=" + value);
        });
        try {
            ServerAccount.current().adopt(dataDirectory);
            process = ServerProgram.builder(version, "postgres", arguments)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                    .start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        try {
            return new String(Files.readAllBytes(logFile), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isRunning() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    boolean exitsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Sends a signal such as {@code INT}, if the server runs. */
    void signal(String signal) {
        if (process.isAlive()) {
            // Process.destroy() sends SIGTERM, which lets sessions go on. The server may end in this very moment.
            ServerProgram.run(List.of("sh", "-c", "kill -" + signal + " " + process.pid() + " || true"));
        }
    }

    void kill() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Waits a little for the server's end, then kills it. */
    void end() {
        if (!exitsWithin(PATIENCE_AT_THE_END)) {
            kill();
            exitsWithin(PATIENCE_AT_THE_END);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killAtExit);
        } catch (IllegalStateException e) {
            // The JVM is on its way down: the hook does no harm.
        }
    }
}

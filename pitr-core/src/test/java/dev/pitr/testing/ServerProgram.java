package dev.pitr.testing;

import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs the server's programs. */
final class ServerProgram {
    private ServerProgram() {}

    /** Prepares a program of a version, as a user that it accepts, with messages in English. */
    static ProcessBuilder builder(PostgresVersion version, String program, List<String> arguments) {
        ProcessBuilder builder = new ProcessBuilder(
                ServerAccount.current().command(PostgresBinaries.program(version, program), arguments));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    /** Runs a command to its end. */
    static void run(List<String> command) {
        run(new ProcessBuilder(command));
    }

    /** Runs a program to its end. */
    static void run(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException(builder.command() + " exited with " + exit + ":\n" + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + builder.command(), e);
        }
    }
}

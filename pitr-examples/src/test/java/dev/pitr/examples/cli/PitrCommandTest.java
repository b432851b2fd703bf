package dev.pitr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PitrCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int pitr(String... arguments) {
        return PitrCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void asksForARepositoryWhenNoneIsGiven() {
        assertThat(pitr("catalog")).isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("--repository");
    }

    @Test
    void refusesTwoTargets() {
        assertThat(pitr("plan", "--target-immediate", "--target-latest")).isEqualTo(ExitCode.USAGE.status());
    }

    @Test
    void takesGlobalOptionsAfterTheCommandToo(@TempDir Path folder) {
        assertThat(pitr("catalog", "--repository", "file://" + folder, "--json"))
                .isEqualTo(ExitCode.FAILED.status());
        assertThat(out.toString()).contains("\"error\" : \"repository.not-initialized\"");
    }

    @Test
    void refusesATimeWithoutAZoneAndShowsBothReadings(@TempDir Path folder) {
        assertThat(pitr("--repository", "file://" + folder, "plan", "--target-time", "2026-11-20 14:46:00"))
                .isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("if it is in UTC").contains("if it is in " + ZoneId.systemDefault());
    }

    @Test
    void refusesAPasswordOnTheCommandLine(@TempDir Path folder) {
        String url = "jdbc:postgresql://localhost/postgres?user=me&password=secret";
        assertThat(pitr("--repository", "file://" + folder, "init", "--url", url))
                .isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("PGPASSWORD").doesNotContain("secret");
    }

    @Test
    void documentsEveryExitStatus() {
        pitr("--help");
        for (ExitCode code : ExitCode.values()) {
            assertThat(out.toString()).containsPattern("(?m)^\\s*" + code.status() + "\\s");
        }
    }
}

package dev.pitr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegmentSize;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

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

    /** Picocli formats them; of one that can't be formatted it warns. */
    @Test
    void hasOnlyHelpTextsThatCanBePrinted() {
        CommandLine program = PitrCommand.commandLine();
        assertThat(program.getSubcommands()).hasSizeGreaterThan(10);
        PrintStream before = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try {
            assertThat(program.getSubcommands().values())
                    .allSatisfy(command -> assertThat(command.getUsageMessage()).contains("Usage: pitr"));
        } finally {
            System.setErr(before);
        }
        assertThat(warnings.toString(StandardCharsets.UTF_8)).isEmpty();
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
    void indexesAnEmptyRepositoryAndSaysSo(@TempDir Path folder) {
        Repository.at(FileSystemStorage.at(folder), "main")
                .init(new ClusterIdentity(1, PostgresVersion.V18, WalSegmentSize.DEFAULT));
        assertThat(pitr("--repository", "file://" + folder, "index")).isEqualTo(ExitCode.OK.status());
        assertThat(out.toString()).contains("Segments added: 0").contains("Pages written: 0 complete, 0 open");
        assertThat(pitr("--repository", "file://" + folder, "index", "--json")).isEqualTo(ExitCode.OK.status());
        assertThat(out.toString()).contains("\"segments-added\" : 0").contains("\"unreadable\" : [ ]");
    }

    @Test
    void refusesAPasswordOnTheCommandLine(@TempDir Path folder) {
        String url = "jdbc:postgresql://localhost/postgres?user=me&password=secret";
        assertThat(pitr("--repository", "file://" + folder, "init", "--url", url))
                .isEqualTo(ExitCode.USAGE.status());
        assertThat(err.toString()).contains("PGPASSWORD").doesNotContain("secret");
    }

    @Test
    void reportsAHistoryThatNoServerArchivesAsAbsent(@TempDir Path folder) {
        Repository.at(FileSystemStorage.at(folder), RepositoryOptions.DEFAULT_CLUSTER)
                .init(new ClusterIdentity(1, PostgresVersion.V18, WalSegmentSize.DEFAULT));
        Path target = folder.resolve("target");
        for (String name : List.of("00000001.history", "00000002.history", "000000010000000000000001")) {
            assertThat(pitr("--repository", "file://" + folder, "fetch", name, target.toString()))
                    .as(name)
                    .isEqualTo(ExitCode.ABSENT.status());
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void documentsEveryExitStatus() {
        pitr("--help");
        for (ExitCode code : ExitCode.values()) {
            assertThat(out.toString()).containsPattern("(?m)^\\s*" + code.status() + "\\s");
        }
    }

    @Test
    void servesUntilItIsEndedAndPrintsTheCommand(@TempDir Path folder) throws Exception {
        Repository.at(FileSystemStorage.at(folder), "main")
                .init(new ClusterIdentity(1, PostgresVersion.V18, WalSegmentSize.DEFAULT));
        Path spool = folder.resolve("spool");
        Files.createDirectories(folder.resolve("pg_wal/archive_status"));
        Thread serving = new Thread(() -> pitr(
                "--repository",
                "file://" + folder,
                "serve",
                "--wal-directory",
                folder.resolve("pg_wal").toString(),
                "--spool",
                spool.toString()));
        serving.start();
        while (serving.isAlive() && !out.toString().contains("archive_command = '")) {
            Thread.onSpinWait();
        }
        assertThat(spool.resolve("alive")).exists();

        serving.interrupt();
        serving.join();

        assertThat(out.toString()).contains("archive_command = 'r=1; d=''" + spool + "''");
        assertThat(spool).doesNotExist();
    }
}

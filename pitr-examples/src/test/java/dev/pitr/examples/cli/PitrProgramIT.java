package dev.pitr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The program against a real server whose {@code archive_command} is the program itself. */
class PitrProgramIT {
    @TempDir
    Path home;

    /** What one run of the program printed, and its exit status. */
    private record Run(int status, String out, String err) {}

    private Run pitr(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program =
                PitrCommand.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        String[] all = Stream.concat(Stream.of("--repository", repository()), Stream.of(arguments))
                .toArray(String[]::new);
        return new Run(program.execute(all), out.toString(), err.toString());
    }

    private String repository() {
        return "file://" + home.resolve("repo");
    }

    @Test
    void goesTheWholeWayFromInitToARestoredServer() throws Exception {
        Path restored = home.resolve("restored");
        try (EmbeddedPostgres server = archivingServer()) {
            String url = server.getJdbcUrl("postgres", "postgres");
            assertThat(pitr("plan", "--target-latest").err()).contains("storage.root-missing");

            assertThat(pitr("init", "--url", url).status()).isZero();
            assertThat(pitr("init", "--url", url).status()).isZero();
            assertThat(pitr("check", "--url", url).out()).contains("It equals the server's own file");
            Run refused = pitr("plan", "--target-latest");
            assertThat(refused.status()).isEqualTo(ExitCode.REFUSED.status());
            assertThat(refused.err()).contains("restore.no-backup");

            execute(server, "create table t as select generate_series(1, 1000) as id");
            assertSuccess(pitr("backup", "--url", url, "--jobs", "2", "--compression", "gzip"));
            execute(server, "insert into t values (1001)");
            execute(server, "select pg_create_restore_point('before the mistake')");
            execute(server, "drop table t");
            assertSuccess(pitr("check", "--url", url));

            assertThat(pitr("catalog", "--json").out()).contains("\"finished-at\"");
            findsTheMistake();
            assertThat(pitr("plan", "--target-name", "before the mistake").out())
                    .contains("before the mistake");
            assertSuccess(pitr(
                    "restore",
                    "--target-name",
                    "before the mistake",
                    "--target-action",
                    "promote",
                    "--to",
                    restored.toString()));
            // A server that stops waits until it has archived; it need not start a JVM for each of the last files.
            execute(server, "alter system set archive_command = 'true'");
            execute(server, "select pg_reload_conf()");
        }
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(restored)
                .setCleanDataDirectory(false)
                .start()) {
            assertThat(query(server, "select count(*) from t")).isEqualTo("1001");
        }
    }

    private void findsTheMistake() {
        Run drops = pitr("find", "--drops");
        assertSuccess(drops);
        assertThat(drops.out()).contains("dropped   public.t").contains("before it xid ");
        assertThat(pitr("find", "--drops", "--json").out()).contains("\"recovery_target_inclusive\" : \"false\"");
        assertThat(pitr("find", "--truncates").status()).isEqualTo(ExitCode.ABSENT.status());
        assertThat(pitr("restore-points").out()).contains("before the mistake");
        assertThat(pitr("find", "--relation", "public.t").out()).contains("1 inserted");
        assertThat(pitr("find", "--since", "2026-11-20 14:46").status()).isEqualTo(ExitCode.USAGE.status());
        assertThat(pitr("window").out()).contains("TIMELINE 1");
        assertThat(pitr("inspect", "000000010000000000000001").out()).contains("end of records");
    }

    private static void assertSuccess(Run run) {
        assertThat(run.status()).as(run.toString()).isZero();
    }

    private EmbeddedPostgres archivingServer() throws IOException {
        String archive = String.join(" ", ThisProgram.words()) + " --repository " + repository() + " archive %p";
        return EmbeddedPostgres.builder()
                .setDataDirectory(home.resolve("data"))
                .setCleanDataDirectory(false)
                .setServerConfig("archive_mode", "on")
                .setDataDirectoryCustomizer(data -> appendArchiveCommand(data.toPath(), archive))
                .start();
    }

    private static void appendArchiveCommand(Path data, String command) {
        try {
            Files.write(
                    data.resolve("postgresql.auto.conf"),
                    List.of("archive_command = '" + command.replace("'", "''") + "'"),
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}

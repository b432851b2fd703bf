package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.archive.WalArchiver;
import dev.pitr.backup.BaseBackup;
import dev.pitr.backup.BaseBackupBuilder;
import dev.pitr.catalog.Backup;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Restores by the very commands of the format's documentation. */
class RestoreByHandIT {
    private static final String SHELL = "sh";
    private static final String SETTINGS = "ini";
    private static final Pattern BLOCK = Pattern.compile("```(sh|ini|text)\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private FileSystemStorage storage;
    private Repository repository;

    @BeforeEach
    void createStore() {
        storage = FileSystemStorage.create(folder.resolve("store"));
        repository = Repository.at(storage, "main");
    }

    @AfterEach
    void closeStore() {
        storage.close();
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void recoversToAMoment(PostgresVersion version) throws Exception {
        Backup backup;
        String target;
        try (PostgresServer server = startWithTables(version)) {
            backup = backUp(backup(server));
            server.execute("insert into t values (2)", "insert into u values (2)");
            target = server.queryOne("select clock_timestamp() at time zone 'UTC' || '+00'");
            server.execute("insert into t values (3)", "drop table u", "select pg_switch_wal()");
            archiveAll(server);
        }

        follow(backup, target, "Unpack a backup", "Recover to a moment");

        try (PostgresServer restored = PostgresServer.launch(version, folder.resolve("data"))) {
            restored.awaitPromoted();
            assertThat(restored.query("select x from t order by x")).containsExactly("1", "2");
            assertThat(restored.query("select x from u order by x")).containsExactly("1", "2");
            assertThat(restored.log()).contains("recovery stopping before commit");
            assertThatTablespaceMoved(restored);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void startsABackupThatCarriesItsWal(PostgresVersion version) throws Exception {
        Backup backup;
        try (PostgresServer server = startWithTables(version)) {
            backup = backUp(backup(server).carryWal());
            server.execute("insert into t values (2)");
        }

        follow(backup, "none", "Unpack a backup", "Or take the backup alone");

        try (PostgresServer restored =
                PostgresServer.launch(version, folder.resolve("data")).awaitReady()) {
            assertThat(restored.query("select x from t")).containsExactly("1");
            assertThat(restored.query("select x from u")).containsExactly("1");
            assertThatTablespaceMoved(restored);
        }
    }

    private void assertThatTablespaceMoved(PostgresServer restored) {
        assertThat(restored.queryOne(
                        "select pg_tablespace_location(oid) from pg_tablespace where spcname = 'elsewhere'"))
                .startsWith(folder + "/1");
    }

    private PostgresServer startWithTables(PostgresVersion version) {
        PostgresServer server = PostgresServer.create(version, folder.resolve("original"))
                .walSegmentMebibytes(1)
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .start();
        server.createTablespace("elsewhere", server.newTablespaceFolder("elsewhere"));
        server.execute(
                "create table t (x int)",
                "create table u (x int) tablespace elsewhere",
                "insert into t values (1)",
                "insert into u values (1)");
        return server;
    }

    private BaseBackupBuilder backup(PostgresServer server) {
        try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), server.superuser())) {
            repository.init(connection.identity());
        }
        return BaseBackup.builder(repository)
                .server(server.jdbcUrl(), server.superuser())
                .partSize(4 << 20)
                .waitForWal(Duration.ZERO);
    }

    private static Backup backUp(BaseBackupBuilder builder) {
        Backup backup = builder.build().run().backup();
        assertThat(backup.objects())
                .extracting(Backup.StoredObject::name)
                .contains("base/00001.tar.zst", "base/00002.tar.zst");
        return backup;
    }

    private void archiveAll(PostgresServer server) {
        assertThat(WalArchiver.builder(repository.current())
                        .build()
                        .archiveReady(server.dataDirectory().resolve("pg_wal"))
                        .failures())
                .isEmpty();
    }

    /** What a person does with a shell and an editor. */
    private void follow(Backup backup, String target, String... sections) throws Exception {
        StringBuilder script = new StringBuilder("set -eu\n");
        for (String section : sections) {
            Matcher block = BLOCK.matcher(section(section));
            assertThat(block.find()).isTrue();
            do {
                script.append(step(block.group(1), edited(block.group(2), backup, target)));
            } while (block.find());
        }
        run("sh", "-c", script.toString());
    }

    private static String step(String kind, String text) {
        if (kind.equals(SHELL)) {
            return text;
        }
        String file = kind.equals(SETTINGS) ? ">> \"$DATA/postgresql.auto.conf\"" : "> \"$DATA/tablespace_map\"";
        return "cat " + file + " <<'END'\n" + text + "END\n";
    }

    private String edited(String block, Backup backup, String target) {
        String incarnation = backup.identity().version() + "-"
                + Long.toUnsignedString(backup.identity().systemIdentifier());
        return block.replace("/srv/pitr/main/18-7512345678901234567", folder + "/store/main/" + incarnation)
                .replace("20261120T142642Z-4f1c", backup.id())
                .replace(
                        "16390",
                        Integer.toUnsignedString(backup.tablespaces().get(0).oid()))
                .replace("/srv/restored/", folder + "/")
                .replace("2026-11-20 14:26:42.123456+00", target);
    }

    private static String section(String title) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/repository-format.md"))) {
            root = root.getParent();
        }
        String text = Files.readString(root.resolve("docs/repository-format.md"));
        String heading = "\n### " + title + "\n";
        assertThat(text).contains(heading);
        String rest = text.substring(text.indexOf(heading) + heading.length());
        int end = rest.indexOf("\n### ");
        return end < 0 ? rest : rest.substring(0, end);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}

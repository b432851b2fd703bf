package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectingIT {
    private static final String SECRET = "s3cret-pass";

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void tellsWhyTheServerRefuses(PostgresVersion version) {
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .setting("password_encryption", "scram-sha-256")
                .start()) {
            server.execute(
                    "create role backup login replication password '" + SECRET + "'",
                    "create role plain login password '" + SECRET + "'");
            server.authenticate(
                    "host all postgres 127.0.0.1/32 trust",
                    "host postgres backup 127.0.0.1/32 scram-sha-256",
                    "host postgres plain 127.0.0.1/32 scram-sha-256");
            server.awaitTrue("select count(*) = 3 from pg_hba_file_rules where error is null");

            assertRefused(server, user("backup", "wrong-guess"), "postgres.wrong-password")
                    .hasMessageContaining("password authentication failed for user \"backup\"")
                    .hasMessageNotContaining("wrong-guess")
                    .hasMessageContaining("SQLSTATE 28P01");
            assertRefused(server, user("backup", null), "postgres.access-refused")
                    .hasMessageContaining("no password was provided");
            assertRefused(server, user("plain", SECRET), "postgres.no-replication-role")
                    .hasMessageContaining("Give it to the role: ALTER ROLE ... REPLICATION.")
                    .hasMessageContaining("SQLSTATE 42501");
            assertRefused(server, user("nobody", SECRET), "postgres.access-refused")
                    .hasMessageContaining("pg_hba.conf");

            try (ReplicationConnection connection =
                    ReplicationConnection.open(server.jdbcUrl(), user("backup", SECRET))) {
                CollectingSink sink = new CollectingSink();
                connection.baseBackup(BaseBackupOptions.builder().build(), sink);
                assertThat(sink.archives).hasSize(1);
                // What an unprivileged role can't know is absent.
                ServerConfiguration configuration = ServerConfiguration.read(connection);
                assertThat(configuration.settings())
                        .containsEntry("wal_level", "replica")
                        .containsEntry("max_connections", "100")
                        .doesNotContainKeys("data_directory", "config_file");
                assertThat(configuration.filesOutsideDataDirectory()).isEmpty();
                assertThat(configuration.isInRecovery()).isFalse();
                assertThatThrownBy(() -> connection.completeWalSegment(
                                connection.identity().segmentSize()))
                        .isInstanceOf(ServerException.class)
                        .hasMessageContaining("pg_switch_wal")
                        .hasMessageContaining("42501");
                assertThat(connection.isOpen()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void saysWhatMinimalWalLacks(PostgresVersion version) {
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .setting("wal_level", "minimal")
                .setting("max_wal_senders", "0")
                .start()) {
            assertRefused(server, server.superuser(), "postgres.no-wal-senders")
                    .hasMessageContaining("Set max_wal_senders to 2 or more and wal_level to replica");
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void knowsTheServerAndItsConfigurationOutsideTheDataDirectory(PostgresVersion version) throws Exception {
        Path outside = Files.createDirectory(folder.resolve("etc"));
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .walSegmentMebibytes(2)
                .setting("archive_mode", "on")
                .setting("archive_command", "true")
                .setting("shared_preload_libraries", "auto_explain")
                .setting("primary_conninfo", "password=" + SECRET)
                .start()) {
            Path hba = outside.resolve("pg_hba.conf");
            Files.writeString(hba, "# Zugänge\nhost all all 127.0.0.1/32 trust\n");
            Path included = outside.resolve("more.conf");
            Files.writeString(included, "work_mem = '5MB'\n");
            server.configure(Map.of("hba_file", hba.toString(), "include", included.toString()));
            server.restart();
            try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), server.superuser())) {
                assertThat(connection.version()).isEqualTo(version);
                assertThat(server.queryOne("show server_version")).startsWith(connection.serverVersion());
                assertThat(connection.identity().segmentSize().bytes()).isEqualTo(2 << 20);
                assertThat(Long.toUnsignedString(connection.identity().systemIdentifier()))
                        .isEqualTo(server.queryOne("select system_identifier from pg_control_system()"));
                assertThat(ControlFile.parse(Files.readAllBytes(
                                        server.dataDirectory().resolve("global/pg_control")))
                                .identity())
                        .isEqualTo(connection.identity());

                WalSegment completed =
                        connection.completeWalSegment(connection.identity().segmentSize());
                server.awaitTrue("select last_archived_wal >= '" + completed.name() + "' from pg_stat_archiver");
                assertThat(connection.completeWalSegment(completed.size())).isGreaterThan(completed);

                ServerConfiguration configuration = ServerConfiguration.read(connection);
                assertThat(configuration.settings())
                        .containsEntry("shared_preload_libraries", "auto_explain")
                        .containsEntry("wal_segment_size", "2MB")
                        .containsEntry("data_directory", server.dataDirectory().toString());
                assertThat(configuration.settings().values()).noneMatch(value -> value.contains(SECRET));
                assertThat(configuration.filesOutsideDataDirectory())
                        .containsExactlyInAnyOrder(
                                new ConfigurationFile(
                                        ConfigurationFile.Kind.INCLUDED,
                                        included.toString(),
                                        Optional.of("work_mem = '5MB'\n")),
                                new ConfigurationFile(
                                        ConfigurationFile.Kind.HOST_BASED_AUTHENTICATION,
                                        hba.toString(),
                                        Optional.of("# Zugänge\nhost all all 127.0.0.1/32 trust\n")));
                assertThat(configuration.collationVersions())
                        .anySatisfy(
                                collation -> assertThat(collation.provider()).isIn("libc", "icu"));
            }
        }
    }

    @Test
    void tellsThatNobodyListens() {
        try (PostgresServer server = newest()) {
            server.stop(PostgresServer.StopMode.FAST);
            assertRefused(server, server.superuser(), "postgres.unreachable")
                    .hasMessageContaining("Check host, port and that the server runs.");
        }
    }

    @Test
    void refusesUrlsWithoutRepeatingThem() {
        assertThatThrownBy(() ->
                        ReplicationConnection.open("jdbc:postgresql://h:1/d/x?password=" + SECRET, new Properties()))
                .isInstanceOfSatisfying(
                        PitrException.class, e -> assertThat(e.code()).isEqualTo("postgres.url"))
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void takesOptionsFromTheUrlAndFactoriesOfTheUser() throws Exception {
        try (PostgresServer server = newest()) {
            CountingSocketFactory.opened.set(0);
            String url = server.jdbcUrl() + "?user=postgres&ApplicationName=shop%20backup&socketFactory="
                    + CountingSocketFactory.class.getName() + "&socketFactoryArg=hello";
            try (ReplicationConnection connection = ReplicationConnection.open(url, new Properties())) {
                assertThat(CountingSocketFactory.opened).hasValue(1);
                assertThat(CountingSocketFactory.argument).isEqualTo("hello");
                assertThat(server.queryOne("select application_name from pg_stat_replication"))
                        .isEqualTo("shop backup");
            }
        }
    }

    private PostgresServer newest() {
        return PostgresServer.create(PostgresVersions.newest(), folder.resolve("data"))
                .start();
    }

    private static Properties user(String name, String password) {
        Properties properties = new Properties();
        properties.setProperty("user", name);
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(
            PostgresServer server, Properties properties, String code) {
        return assertThatThrownBy(() -> ReplicationConnection.open(server.jdbcUrl(), properties))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageStartingWith("Cannot connect to the server: ")
                .hasMessageNotContaining(SECRET);
    }
}

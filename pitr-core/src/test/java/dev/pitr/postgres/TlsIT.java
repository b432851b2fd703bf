package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
    private static final String STORE_PASSWORD = "for-this-test";

    @TempDir
    static Path folder;

    private static PostgresServer server;

    @BeforeAll
    static void startServerThatTakesTlsOnly() throws Exception {
        certificate("server");
        certificate("other");
        server = PostgresServer.create(PostgresVersions.newest(), folder.resolve("data"))
                .setting("password_encryption", "scram-sha-256")
                .start();
        server.execute("create role backup login replication password 'secret'");
        for (String name : new String[] {"server.crt", "server.key"}) {
            Files.copy(folder.resolve(name), server.dataDirectory().resolve(name));
            Files.setPosixFilePermissions(
                    server.dataDirectory().resolve(name), PosixFilePermissions.fromString("rw-------"));
        }
        server.configure(Map.of("ssl", "on"));
        server.authenticate(
                "host all postgres 127.0.0.1/32 trust", "hostssl postgres backup 127.0.0.1/32 scram-sha-256");
        server.restart();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void takesBackupsOverVerifiedTlsWithChannelBinding() throws Exception {
        Properties properties = verifyFull("server.crt");
        properties.setProperty("channelBinding", "require");
        try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), properties)) {
            CollectingSink sink = new CollectingSink();
            connection.baseBackup(BaseBackupOptions.builder().build(), sink);
            assertThat(sink.files()).containsKey("global/pg_control");
            assertThat(connection.query("select ssl::text from pg_stat_ssl where pid = pg_backend_pid()"))
                    .containsExactly(Map.of("ssl", "true"));
        }
    }

    @Test
    void upgradesToTlsWhereTheDriverDoesByDefault() {
        try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), backupUser())) {
            assertThat(connection.identity().version()).isEqualTo(server.version());
        }
    }

    @Test
    void refusesServersThatAreNotTrusted() {
        assertThatThrownBy(() -> ReplicationConnection.open(server.jdbcUrl(), verifyFull("other.crt")))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.code()).isEqualTo("postgres.tls"))
                .hasMessageContaining("Check sslmode, sslrootcert and the server's certificate.");
    }

    @Test
    void refusesServersWithAnotherName() {
        assertThatThrownBy(() -> ReplicationConnection.open(
                        server.jdbcUrl().replace("127.0.0.1", "127.0.0.2"), verifyFull("server.crt")))
                .isInstanceOf(ServerException.class);
    }

    @Test
    void delegatesToTheUsersOwnTlsFactory() {
        Properties properties = backupUser();
        properties.setProperty("sslmode", "require");
        properties.setProperty("sslfactory", CountingTlsFactory.class.getName());
        int before = CountingTlsFactory.secured.get();
        try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), properties)) {
            assertThat(CountingTlsFactory.secured.get()).isEqualTo(before + 1);
            assertThat(connection.identity().version()).isEqualTo(server.version());
        }
    }

    @Test
    void resumesTlsRecordsThatAreCutByPauses() throws Exception {
        try (StutteringProxy proxy = new StutteringProxy(server.port());
                ReplicationConnection connection = ReplicationConnection.open(
                        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres", verifyFull("server.crt"))) {
            proxy.stutter(8);
            assertThat(connection
                            .query("select string_agg(i::text, ',') as all from generate_series(1, 30000) i")
                            .get(0)
                            .get("all"))
                    .startsWith("1,2,3,")
                    .endsWith(",29999,30000")
                    .hasSize(168_893);
        }
    }

    private static Properties backupUser() {
        Properties properties = new Properties();
        properties.setProperty("user", "backup");
        properties.setProperty("password", "secret");
        return properties;
    }

    private static Properties verifyFull(String root) {
        Properties properties = backupUser();
        properties.setProperty("sslmode", "verify-full");
        properties.setProperty("sslrootcert", folder.resolve(root).toString());
        return properties;
    }

    /** Makes a self-signed certificate for 127.0.0.1 with the JDK's own tool, and its key, as PEM files. */
    private static void certificate(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        pem(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded());
        pem(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, STORE_PASSWORD.toCharArray()).getEncoded());
    }

    private static void pem(String file, String kind, byte[] encoded) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }
}

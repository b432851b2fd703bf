package dev.pitr.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresServerIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void runsEachVersionAndItsStandby(PostgresVersion version) throws Exception {
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .walSegmentMebibytes(1)
                .dataChecksums()
                .setting("archive_mode", "on")
                .setting("archive_command", "test ! -f '/x/%f'")
                .start()) {
            server.createTablespace("s", folder.resolve("space"));
            server.execute("create table t tablespace s as select generate_series(1, 100) as id");
            assertThat(server.queryOne("show server_version")).startsWith(version + ".");
            assertThat(server.queryOne("show archive_command")).isEqualTo("test ! -f '/x/%f'");
            try (PostgresServer standby = server.startStandby(folder.resolve("standby"))) {
                server.execute("insert into t values (101)");
                standby.awaitTrue("select count(*) = 101 from t");
                standby.execute("select pg_promote()");
                standby.awaitPromoted();
            }
            server.stop(PostgresServer.StopMode.IMMEDIATE);
            server.restart();
            assertThat(server.queryOne("select count(*) from t")).isEqualTo("101");
            server.stop(PostgresServer.StopMode.FAST);
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void tellsWhyAServerEnds() throws Exception {
        try (PostgresServer server =
                PostgresServer.launch(PostgresVersions.newest(), Files.createDirectory(folder.resolve("none")))) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThatThrownBy(server::awaitReady)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("exited with 2")
                    .hasMessageContaining("postgresql.conf");
        }
    }
}

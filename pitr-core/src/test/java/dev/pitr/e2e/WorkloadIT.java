package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the oracle itself: its account of a server's rows is what the server holds. */
class WorkloadIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void accountsForEveryRow(PostgresVersion version) throws Exception {
        PostgresServer.Builder builder = PostgresServer.create(version, folder.resolve("data"));
        Workload.SETTINGS.forEach(builder::setting);
        try (PostgresServer server = builder.start()) {
            Tables.create(server, folder);
            try (Workload workload = Workload.start(server, 4, 1)) {
                workload.awaitTransactions(300);
                workload.restorePoint("middle");
                workload.awaitTransactions(300);
                History history = workload.stop();
                assertThat(Tables.read(server)).isEqualTo(history.atEnd());
                assertThat(history.abortCount()).isPositive();
                assertThat(history.atRestorePoint("middle")).isNotEmpty().isNotEqualTo(history.atEnd());
            }
        }
    }
}

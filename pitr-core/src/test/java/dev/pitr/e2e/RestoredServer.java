package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.TimeoutException;

/** Starts servers on restored data directories and waits for what their target's action brings about. */
final class RestoredServer {
    private RestoredServer() {}

    /** Starts the server and checks that it stops there, behaves as the action says, and holds exactly these rows. */
    static void check(RestorePlan plan, RestoreResult restored, TargetAction action, String stop, SortedSet<Row> rows)
            throws TimeoutException {
        try (PostgresServer server = start(plan, restored, action)) {
            assertThat(server.log()).contains(stop);
            assertThat(Tables.read(server)).isEqualTo(rows);
        }
    }

    static PostgresServer start(RestorePlan plan, RestoreResult restored, TargetAction action) throws TimeoutException {
        PostgresVersion version = plan.identity().version();
        PostgresServer server = PostgresServer.launch(version, restored.dataDirectory());
        switch (action) {
            case PROMOTE -> server.awaitPromoted();
            case PAUSE -> {
                server.awaitTrue("select pg_is_wal_replay_paused()");
                // While it pauses, tables stay locked by transactions that had not ended at the target.
                server.execute("select pg_wal_replay_resume()");
                server.awaitPromoted();
            }
            case SHUTDOWN -> {
                assertThat(server.awaitExit()).isZero();
                assertThat(server.log()).contains("shutdown at recovery target");
                server.close();
                return PostgresServer.launch(
                                version, restored.dataDirectory(), Map.of("recovery_target_action", "promote"))
                        .awaitPromoted();
            }
        }
        return server;
    }
}

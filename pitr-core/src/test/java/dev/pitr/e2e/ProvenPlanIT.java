package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.recovery.NearestMoments;
import dev.pitr.recovery.RecoveryStop;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RecoveryWindow;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.RestoreRefusedException;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of the WAL of a real server, and what real servers make of it. */
class ProvenPlanIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void tellsWhatCanBeRecoveredAndWhereARestoreEnds(PostgresVersion version) throws Exception {
        Scene scene = new Scene(folder);
        long last;
        long first;
        Instant idle;
        try (ArchivedServer original = ArchivedServer.of(
                scene.server(version, Map.of("autovacuum", "off"))
                        .walSegmentMebibytes(1)
                        .start(),
                scene.pitr())) {
            original.server().execute("create table t (what text)");
            original.backup().build().run();
            first = insert(original, "first");
            last = insert(original, "last");
            // The time of a checkpoint is in whole seconds, cut.
            original.server().execute("select pg_sleep(0.1)");
            idle = now(original);
            original.server().execute("select pg_sleep(1.1)", "checkpoint");
            original.archiveAll();
        }
        requireWindow(scene, last);
        requireEnd(scene, RecoveryTarget.xid(last).exclusive(), first, "first");
        requireEnd(scene, RecoveryTarget.latest(), last, "first", "last");
        RestorePlan plan = requireEnd(scene, RecoveryTarget.time(idle), last, "first", "last");
        assertThat(plan.effectiveTarget()).isInstanceOf(RecoveryTarget.AtLsn.class);
        assertThatThrownBy(
                        () -> scene.pitr().plan(RecoveryTarget.xid(last + 100)).build())
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("no commit or abort of transaction " + (last + 100));
    }

    private static void requireWindow(Scene scene, long last) {
        List<RecoveryWindow> windows = scene.pitr().window().windows().all();
        assertThat(windows).hasSize(1);
        RecoveryWindow window = windows.get(0);
        assertThat(window.start().lsn())
                .isEqualTo(scene.pitr().catalogue().backups().get(0).stopLsn());
        assertThat(window.end().commit().orElseThrow().xid()).isEqualTo(last);
        assertThat(window.ending()).isEqualTo(RecoveryWindow.Ending.END_OF_ARCHIVE);
        assertThat(scene.pitr().window().restorePoints(TimelineId.FIRST))
                .extracting(point -> point.name())
                .containsExactly("end");
        NearestMoments moments = scene.pitr()
                .window()
                .nearestReachable(window.end().commit().orElseThrow().time());
        assertThat(moments.isReachable()).isFalse();
        assertThat(moments.before().orElseThrow().commit())
                .isEqualTo(window.end().commit());
    }

    private static RestorePlan requireEnd(Scene scene, RecoveryTarget target, long lastXid, String... rows)
            throws Exception {
        RestorePlan plan =
                scene.pitr().plan(target).action(TargetAction.PROMOTE).build();
        RecoveryStop stop = plan.predictedStop().stop().orElseThrow();
        assertThat(stop.lastCommit().orElseThrow().xid()).isEqualTo(lastXid);
        try (RestoreResult restored = scene.restore(plan, "restored-" + target.hashCode(), Channel.SERVED);
                PostgresServer server = RestoredServer.start(plan, restored, TargetAction.PROMOTE)) {
            assertThat(stop.messages())
                    .allSatisfy(message -> assertThat(server.log()).contains(message));
            assertThat(server.query("select what from t")).containsExactlyInAnyOrder(rows);
            assertThat(server.queryOne(
                            "select pg_read_file('pg_wal/" + plan.newTimeline().toHex() + ".history')"))
                    .contains(stop.end().toString());
        }
        return plan;
    }

    private static long insert(ArchivedServer server, String what) {
        return Long.parseLong(
                server.server().queryOne("insert into t values ('" + what + "') returning pg_current_xact_id()"));
    }

    private static Instant now(ArchivedServer server) {
        return Instant.parse(server.server()
                .queryOne("select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }
}

package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.restore.RestoreResult;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A segment that the plan needs and that can't be had any more while the server recovers: left to itself, the server would
 * take it for the end of WAL, promote, and silently lack what came after.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VanishedSegmentIT {
    /** More than this process fetches ahead. */
    private static final int SEGMENTS = 80;

    @TempDir
    static Path folder;

    private Scene scene;

    @BeforeAll
    void archiveManySegments() {
        scene = new Scene(folder);
        PostgresServer.Builder builder = scene.server(PostgresVersions.newest(), Map.of("autovacuum", "off"))
                .walSegmentMebibytes(1);
        try (ArchivedServer archived = ArchivedServer.of(builder.start(), scene.pitr())) {
            archived.server().execute("create table t (id int)");
            archived.backup().build().run();
            String[] statements = new String[2 * SEGMENTS];
            for (int i = 0; i < SEGMENTS; i++) {
                statements[2 * i] = "insert into t values (" + i + ")";
                statements[2 * i + 1] = "select pg_switch_wal()";
            }
            archived.server().execute(statements);
            archived.archiveAll();
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopsTheServerIfItVanished(Channel channel) throws Exception {
        requireFatal(channel, "vanished", Files::delete);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STAGED")
    void stopsTheServerIfItWasDamaged(Channel channel) throws Exception {
        requireFatal(channel, "damaged", file -> Damage.flipBit(file, Files.size(file) * 3 / 4));
    }

    @FunctionalInterface
    private interface Accident {
        void happenTo(Path file) throws IOException;
    }

    private void requireFatal(Channel channel, String name, Accident accident) throws Exception {
        RestorePlan plan = scene.pitr().plan(RecoveryTarget.latest()).build();
        assertThat(plan.segments()).hasSizeGreaterThan(SEGMENTS);
        // A program is slow to start, and doesn't look ahead.
        int place = channel == Channel.COMMAND ? 4 : plan.segments().size() - 3;
        WalSegment victim = plan.segments().get(place);
        Path stored = StoredFiles.of(scene).wal().get(victim.name());
        byte[] whole = Files.readAllBytes(stored);
        try (RestoreResult restored = scene.restore(plan, name + "-" + channel, channel)) {
            Path file = channel == Channel.STAGED
                    ? restored.walFolder().resolve("staged").resolve(victim.name())
                    : stored;
            accident.happenTo(file);
            requireFatal(plan, restored, victim);
        } finally {
            Files.write(stored, whole);
        }
    }

    private static void requireFatal(RestorePlan plan, RestoreResult restored, WalSegment victim) throws Exception {
        try (PostgresServer server = PostgresServer.launch(plan.identity().version(), restored.dataDirectory())) {
            assertThat(server.awaitExit()).isNotZero();
            assertThat(server.log())
                    .contains("FATAL:  could not restore file \"" + victim.name() + "\" from archive")
                    .doesNotContain("archive recovery complete")
                    .doesNotContain("selected new timeline");
        }
        assertThat(restored.dataDirectory().resolve("pg_wal/00000002.history")).doesNotExist();
        assertThat(restored.dataDirectory().resolve("recovery.signal")).exists();
    }
}

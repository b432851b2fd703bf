package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresServer.StopMode;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.StretchSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that dies in the middle of a record writes another one in its place, which is no damage. */
class CrashedServerIT {
    private static final WalSegmentSize MIB = new WalSegmentSize(1 << 20);
    private static final int ATTEMPTS = 10;

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void archivesSegmentsWithARecordThatACrashCutOff(PostgresVersion version) throws Exception {
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .walSegmentMebibytes(1)
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .start()) {
            String identifier = server.queryOne("select system_identifier from pg_control_system()");
            Incarnation incarnation = Repository.at(FileSystemStorage.create(folder.resolve("store")), "main")
                    .init(new ClusterIdentity(Long.parseUnsignedLong(identifier), version, MIB));
            StretchSummary archived = null;
            for (int i = 0; i < ATTEMPTS && lostRecords(archived) == 0; i++) {
                crashInALongRecord(server);
                server.restart();
                server.execute("select txid_current()");
                server.execute("select pg_switch_wal()");
                archived = archive(incarnation, server.dataDirectory().resolve("pg_wal"));
            }
            assertThat(lostRecords(archived)).isPositive();
            assertThat(archived).isNotNull();
            assertThat(archived.chain().brokenAt()).isEmpty();
        }
    }

    private static long lostRecords(@Nullable StretchSummary archived) {
        return archived == null ? 0 : archived.count(Occurrence.OVERWRITTEN_RECORD);
    }

    /** Kills the server once a part of a record of 200 MB has reached its files. */
    private static void crashInALongRecord(PostgresServer server) throws InterruptedException {
        Path wal = server.dataDirectory().resolve("pg_wal");
        long before = segments(wal);
        Thread writer = new Thread(() -> {
            try {
                server.execute("select pg_logical_emit_message(false, 'long', repeat('x', 200000000))");
            } catch (RuntimeException e) {
                // The server died meanwhile, as it should.
                assertThat(e).isNotNull();
            }
        });
        writer.start();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(30))
                .until(() -> segments(wal) > before + 5 || !writer.isAlive());
        server.stop(StopMode.IMMEDIATE);
        writer.join();
    }

    private static long segments(Path wal) {
        try (Stream<Path> files = Files.list(wal)) {
            return files.filter(file -> file.getFileName().toString().length() == 24)
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StretchSummary archive(Incarnation incarnation, Path wal) {
        ArchiveReport report = WalArchiver.builder(incarnation)
                .readyFiles(ReadyFiles.RENAME_TO_DONE)
                .build()
                .archiveReady(wal);
        assertThat(report.failures()).isEmpty();
        WalCoverage.Run all =
                incarnation.wal().coverage().runs(TimelineId.FIRST).get(0);
        try (Stream<StretchSummary> stretches = incarnation.index().stretches(all)) {
            return stretches.reduce(StretchSummary::followedBy).orElseThrow();
        }
    }
}

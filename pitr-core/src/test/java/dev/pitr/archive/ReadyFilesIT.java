package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadyFilesIT {
    private static final WalSegmentSize MIB = new WalSegmentSize(1 << 20);
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    /** The server has archiving on and no command: it only collects, and recycles what this process has archived. */
    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void archivesWhatAServerCollectsSoThatItRecycles(PostgresVersion version) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (PostgresServer server = PostgresServer.create(version, folder.resolve("data"))
                .walSegmentMebibytes(1)
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .setting("max_wal_size", "4MB")
                .setting("min_wal_size", "2MB")
                .start()) {
            Incarnation incarnation = Repository.at(FileSystemStorage.create(folder.resolve("store")), "main")
                    .init(identity(server));
            WalArchiver archiver = WalArchiver.builder(incarnation)
                    .parallel(threads, 2)
                    .readyFiles(ReadyFiles.RENAME_TO_DONE)
                    .build();
            Path walDirectory = server.dataDirectory().resolve("pg_wal");
            server.execute("create table t (x text)");
            String first = server.queryOne("select pg_walfile_name(pg_current_wal_lsn())");
            String last = first;
            for (int round = 0; round < ROUNDS; round++) {
                server.execute("insert into t select repeat(md5(i::text), 20) from generate_series(1, 4000) i");
                last = server.queryOne("select pg_walfile_name(pg_current_wal_lsn())");
                server.execute("select pg_switch_wal()");
                ArchiveReport report = archiver.archiveReady(walDirectory);
                assertThat(report.failures()).isEmpty();
                server.execute("checkpoint");
            }
            WalSegment from = WalSegment.parse(first, MIB);
            WalSegment to = WalSegment.parse(last, MIB);
            for (WalSegment segment = from; segment.compareTo(to) <= 0; segment = segment.next()) {
                assertThat(incarnation.wal().header(new WalFileName.Segment(segment)))
                        .as(segment.name())
                        .isPresent();
            }
            assertThat(to.number() - from.number()).isGreaterThan(ROUNDS);
            assertThat(walDirectory.resolve(from.name())).doesNotExist();
            assertThat(Files.exists(walDirectory.resolve("archive_status").resolve(from.name() + ".ready")))
                    .isFalse();
            assertThat(from.timeline()).isEqualTo(TimelineId.FIRST);
        } finally {
            threads.shutdownNow();
        }
    }

    private static ClusterIdentity identity(PostgresServer server) {
        String identifier = server.queryOne("select system_identifier from pg_control_system()");
        return new ClusterIdentity(Long.parseUnsignedLong(identifier), server.version(), MIB);
    }
}

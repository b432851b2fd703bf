package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchiveServerIT {
    private static final WalSegmentSize MIB = new WalSegmentSize(1 << 20);
    private static final int SEGMENTS = 12;

    @TempDir
    Path folder;

    /** The process that archives goes away and comes back; the server loses nothing and catches up. */
    @ParameterizedTest
    @MethodSource("dev.pitr.testing.PostgresVersions#selected")
    void archivesForAServerThatOutlivesIt(PostgresVersion version) throws Exception {
        Path data = folder.resolve("data");
        Path spool = folder.resolve("pitr's spool");
        try (PostgresServer server = PostgresServer.create(version, data)
                .walSegmentMebibytes(1)
                .setting("archive_mode", "on")
                .setting("archive_command", ArchiveCommand.served(spool).line())
                .start()) {
            Incarnation incarnation = Repository.at(FileSystemStorage.create(folder.resolve("store")), "main")
                    .init(identity(server));
            WalSegment first = current(server);
            write(server);
            await().atMost(Duration.ofSeconds(30)).until(() -> count(server, "failed_count") > 0);
            assertThat(count(server, "archived_count")).isZero();

            Files.createDirectory(spool);
            Files.setOwner(spool, Files.getOwner(data));
            serveUntilArchived(server, incarnation, spool, write(server));
            long failures = count(server, "failed_count");
            WalSegment last = write(server);
            serveUntilArchived(server, incarnation, spool, last);

            assertThat(failures).isPositive();
            for (WalSegment segment = first; segment.compareTo(last) < 0; segment = segment.next()) {
                assertThat(incarnation.wal().header(new WalFileName.Segment(segment)))
                        .as(segment.name())
                        .isPresent();
            }
            assertThat(last.number() - first.number()).isGreaterThanOrEqualTo(3 * SEGMENTS);
        }
    }

    private static void serveUntilArchived(PostgresServer server, Incarnation incarnation, Path spool, WalSegment end) {
        WalArchiver archiver = WalArchiver.builder(incarnation).build();
        Path walDirectory = server.dataDirectory().resolve("pg_wal");
        try (ArchiveServer serving =
                ArchiveServer.builder(spool, walDirectory, archiver).start()) {
            String last = new WalSegment(end.timeline(), end.number() - 1, MIB).name();
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> last.equals(
                            server.queryOne("select coalesce(last_archived_wal, '') from pg_stat_archiver")));
            assertThat(serving.fault()).isEmpty();
        }
    }

    /** Returns the segment after the last finished one. */
    private static WalSegment write(PostgresServer server) {
        server.execute("create table if not exists t (x text)");
        for (int i = 0; i < SEGMENTS; i++) {
            server.execute("insert into t select repeat(md5(i::text), 20) from generate_series(1, 100) i");
            server.execute("select pg_switch_wal()");
        }
        server.execute("insert into t values ('one more')");
        return current(server);
    }

    private static WalSegment current(PostgresServer server) {
        return WalSegment.parse(server.queryOne("select pg_walfile_name(pg_current_wal_lsn())"), MIB);
    }

    private static long count(PostgresServer server, String column) {
        return Long.parseLong(server.queryOne("select " + column + " from pg_stat_archiver"));
    }

    private static ClusterIdentity identity(PostgresServer server) {
        String identifier = server.queryOne("select system_identifier from pg_control_system()");
        return new ClusterIdentity(Long.parseUnsignedLong(identifier), server.version(), MIB);
    }
}

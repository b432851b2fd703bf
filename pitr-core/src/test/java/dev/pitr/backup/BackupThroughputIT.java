package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large backups in a small heap: run with {@code -Psoak -DargLine=-Xmx256m}. The sizes are set by
 * {@code pitr.test.backupMebibytes} and {@code pitr.test.backupFiles}.
 */
@Tag("soak")
class BackupThroughputIT {
    private static final int MEBIBYTES = Integer.getInteger("pitr.test.backupMebibytes", 4096);
    private static final int FILES = Integer.getInteger("pitr.test.backupFiles", 300_000);

    @TempDir
    Path folder;

    @Test
    void backsUpLargeTablesAboutAsFastAsTarAndZstd() throws Exception {
        try (PostgresServer server = PostgresServer.create(PostgresVersions.newest(), folder.resolve("data"))
                .setting("fsync", "off")
                .setting("max_wal_size", "8GB")
                .setting("wal_level", "replica")
                .start()) {
            server.execute("create table t (id bigint, a text, b text, c double precision, d timestamptz)");
            for (int mebibytes = 0; mebibytes < MEBIBYTES; mebibytes += 64) {
                // Some 200 bytes a row, which zstd makes three times smaller.
                server.execute(
                        "insert into t select g, md5(random()::text) || repeat('abc ', 8), 'customer ' || g % 997"
                                + " || ' of region ' || g % 31 || ', ordered at the counter', random() * 1000, now() + g * interval '1 s'"
                                + " from generate_series(1, 360000) g");
            }
            server.execute("checkpoint");
            measure(server);
        }
    }

    @Test
    void backsUpManySmallFilesInASmallHeap() throws Exception {
        try (PostgresServer server = PostgresServer.create(PostgresVersions.newest(), folder.resolve("data"))
                .start()) {
            Path many = Files.createDirectory(server.dataDirectory().resolve("many"));
            byte[] content = new byte[300];
            for (int i = 0; i < FILES; i++) {
                if (i % 1000 == 0) {
                    Files.createDirectory(many.resolve("folder" + i / 1000));
                }
                Files.write(many.resolve("folder" + i / 1000).resolve("file" + i), content);
            }
            measure(server);
        }
    }

    private void measure(PostgresServer server) throws Exception {
        Repository repository =
                Repository.at(FileSystemStorage.at(Files.createDirectory(folder.resolve("repository"))), "test");
        BackupStore store;
        try (ReplicationConnection connection = ReplicationConnection.open(server.jdbcUrl(), server.superuser())) {
            store = repository.init(connection.identity()).backups();
        }
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            BaseBackupResult result = BaseBackup.builder(repository)
                    .server(server.jdbcUrl(), server.superuser())
                    .waitForWal(Duration.ZERO)
                    .build()
                    .run();
            report(
                    "backup",
                    result.backup().rawSizeBytes(),
                    start,
                    result.backup().storedSizeBytes());
            if (round == 1) {
                assertThat(new StoredBackup(store, result.backup()).compareWithManifest())
                        .isEmpty();
            }
            start = System.nanoTime();
            Path archive = folder.resolve("archive.tar.zst");
            Process tar = new ProcessBuilder(
                            "sh",
                            "-c",
                            "tar c -C '" + server.dataDirectory() + "' --exclude=pg_wal . | zstd -q -f -3 -T2 -o '"
                                    + archive + "' && sync '" + archive + "'")
                    .inheritIO()
                    .start();
            assertThat(tar.waitFor()).isBetween(0, 1);
            report("tar | zstd -3 -T2", result.backup().rawSizeBytes(), start, Files.size(archive));
        }
    }

    private static void report(String what, long rawBytes, long startNanos, long storedBytes) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(
                "%s: %d MB in %.2f s, %.0f MB/s, ratio %.2f, heap %d MB%n",
                what,
                rawBytes / 1_000_000,
                seconds,
                rawBytes / 1e6 / seconds,
                (double) rawBytes / storedBytes,
                Runtime.getRuntime().maxMemory() >> 20);
    }
}

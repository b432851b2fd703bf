package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pitr.Pitr;
import dev.pitr.archive.ArchiveReport;
import dev.pitr.archive.ReadyFiles;
import dev.pitr.archive.WalArchiver;
import dev.pitr.catalog.Backup;
import dev.pitr.progress.ProgressListener;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.restore.WalDelivery;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.testkit.HttpFaultPlan;
import dev.pitr.testkit.HttpFaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Requests are money: counts what each job asks of the store, over HTTP, and prints the table.
 *
 * <p>The system property {@code pitr.test.segments} says how many segments are archived behind the backup.
 */
class S3RequestsIT {
    private static final int SEGMENTS = Integer.getInteger("pitr.test.segments", 12);
    private static final int BATCH = 500;
    private static final String SERVICE = "service";

    @TempDir
    static Path folder;

    private static S3Client client;
    private static HttpFaultProxy proxy;

    private final RequestTable table = new RequestTable();

    @BeforeAll
    static void startProxy() {
        assumeFalse(S3TestServer.isForeign(), "the proxy speaks plain HTTP, to a server of ours");
        client = S3TestServer.client().build();
        proxy = HttpFaultProxy.to(S3TestServer.endpoint().orElseThrow());
        S3Site.provideCredentials();
    }

    @AfterAll
    static void stopProxy() {
        if (proxy != null) {
            proxy.close();
            client.close();
            S3Site.withdrawCredentials();
        }
    }

    @Test
    void asksOfTheStoreOnlyWhatAJobNeeds() throws Exception {
        S3Site site = new S3Site(client, folder.resolve("copies"));
        try (PostgresServer server = server();
                ObjectStorage storage = site.openThrough(proxy.uri())) {
            Pitr pitr = Pitr.at(storage, SERVICE);
            counted("open a repository", () -> pitr.init(server.jdbcUrl(), server.superuser()));
            archiveOneByOne(server, pitr);
            back(server, pitr, Pitr.at(site.storage(), SERVICE));
            Instant target = archiveMany(server, pitr);
            plansAndRestore(pitr, target);
        }
        System.out.println(table);
    }

    private static PostgresServer server() {
        PostgresServer server = PostgresServer.create(PostgresVersions.newest(), folder.resolve("original"))
                .setting("archive_mode", "on")
                .setting("archive_command", "")
                .walSegmentMebibytes(1)
                .start();
        server.execute("create table t as select id, md5(id::text) as text from generate_series(1, 100000) id");
        return server;
    }

    private <T> T counted(String job, Callable<T> work) throws Exception {
        proxy.arm(HttpFaultPlan.none());
        T result = work.call();
        table.add(job, proxy.requests());
        return result;
    }

    private static int requests() {
        return proxy.requests().size();
    }

    private void archiveOneByOne(PostgresServer server, Pitr pitr) throws Exception {
        switchSegments(server, 3);
        List<Path> waiting = waiting(server);
        counted(
                "archive a segment, the first in a process",
                () -> pitr.archiver().build().archive(waiting.get(0)));
        WalArchiver archiver = pitr.archiver().build();
        counted("archive a segment", () -> archiver.archive(waiting.get(1)));
        assertThat(requests()).isEqualTo(1);
        counted("archive the same segment again", () -> archiver.archive(waiting.get(1)));
        archiveReady(server, pitr);
    }

    /** Meanwhile another process archives, as far as the store can see: a backup waits until its WAL is archived. */
    private void back(PostgresServer server, Pitr pitr, Pitr another) throws Exception {
        ScheduledExecutorService archiving = Executors.newSingleThreadScheduledExecutor();
        ScheduledFuture<?> runs =
                archiving.scheduleWithFixedDelay(() -> archiveReady(server, another), 0, 50, TimeUnit.MILLISECONDS);
        try {
            proxy.arm(HttpFaultPlan.none());
            Backup backup = pitr.backup(server.jdbcUrl(), server.superuser())
                    .partSize(4 << 20)
                    .build()
                    .run()
                    .backup();
            table.add("back up, " + backup.objects().size() + " objects of at most 4 MiB", proxy.requests());
            // One that fails is the last.
            assertThat(runs.isDone()).isFalse();
        } finally {
            archiving.shutdown();
            assertThat(archiving.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** Returns a time before the last of many segments. */
    private static Instant archiveMany(PostgresServer server, Pitr pitr) {
        Instant target = Instant.EPOCH;
        for (int left = SEGMENTS; left > 0; left -= BATCH) {
            target = Instant.parse(server.queryOne(
                    "select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            switchSegments(server, Math.min(left, BATCH));
            archiveReady(server, pitr);
        }
        return target;
    }

    private void plansAndRestore(Pitr pitr, Instant target) throws Exception {
        String many = SEGMENTS + " segments";
        counted("catalogue of " + many, pitr::catalogue);
        assertThat(requests()).isLessThan(12 + SEGMENTS / 900);
        counted("plan a restore among " + many + ", no index", () -> plan(pitr, target));
        counted("index " + many, () -> pitr.repository().current().index().build(ProgressListener.NONE));
        RestorePlan plan = counted("plan a restore among " + many, () -> plan(pitr, target));
        counted(
                "restore " + plan.backup().objects().size() + " objects, "
                        + plan.segments().size() + " segments staged",
                () -> {
                    pitr.restore(plan, folder.resolve("restored"))
                            .wal(new WalDelivery.Staged())
                            .build()
                            .execute()
                            .close();
                    return null;
                });
    }

    private static RestorePlan plan(Pitr pitr, Instant target) {
        return pitr.plan(RecoveryTarget.time(target)).build();
    }

    private static void switchSegments(PostgresServer server, int count) {
        server.execute("do $$ begin for i in 1.." + count
                + " loop insert into t values (-i, 'more'); commit; perform pg_switch_wal(); end loop; end $$");
    }

    private static void archiveReady(PostgresServer server, Pitr pitr) {
        ArchiveReport report = pitr.archiver()
                .readyFiles(ReadyFiles.RENAME_TO_DONE)
                .build()
                .archiveReady(server.dataDirectory().resolve("pg_wal"));
        assertThat(report.isComplete()).isTrue();
    }

    private static List<Path> waiting(PostgresServer server) throws IOException {
        Path wal = server.dataDirectory().resolve("pg_wal");
        try (Stream<Path> files = Files.list(wal.resolve("archive_status"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9A-F]{24}\\.ready"))
                    .sorted()
                    .map(name -> wal.resolve(name.substring(0, 24)))
                    .toList();
        }
    }
}

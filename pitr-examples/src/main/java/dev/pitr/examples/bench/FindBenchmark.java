package dev.pitr.examples.bench;

import dev.pitr.history.ChangeKind;
import dev.pitr.history.History;
import dev.pitr.history.HistoryBuilder;
import dev.pitr.history.HistoryEntry;
import dev.pitr.progress.ProgressListener;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.Content;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Times the search for a {@code DROP TABLE} in a large archive and counts the bytes that it reads.
 *
 * <p>The WAL is real: a server's work of some segments, repeated at later positions with addresses, links and checksums
 * made right, and once in the middle the segment in which it drops a table.
 */
@Command(name = "FindBenchmark", mixinStandardHelpOptions = true)
public final class FindBenchmark implements Callable<Integer> {
    private static final String SERVICE = "find";
    private static final int WORK_SEGMENTS = 8;
    private static final long FULL_BYTES = 14_000_000;

    @Option(names = "--folder", required = true, paramLabel = "DIR", description = "Where the repository is made.")
    private Path folder = Path.of("");

    @Option(names = "--segments", paramLabel = "N", description = "Of 16 MiB. Default ${DEFAULT-VALUE}.")
    private int segments = 1280;

    @Option(names = "--rounds", paramLabel = "N", description = "Default ${DEFAULT-VALUE}.")
    private int rounds = 3;

    private FindBenchmark() {}

    /**
     * Measures, prints and exits.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FindBenchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, SQLException {
        try (FileSystemStorage files = FileSystemStorage.at(Files.createDirectories(folder))) {
            if (!Files.exists(folder.resolve(SERVICE))) {
                make(files);
            }
            MeteredReads meter = new MeteredReads();
            ObjectStorage metered = meter.around(files);
            for (int round = 0; round < rounds; round++) {
                find(metered, meter, "without pages");
            }
            System.out.println(Repository.at(files, SERVICE).current().index().build(ProgressListener.NONE));
            for (int round = 0; round < rounds; round++) {
                find(metered, meter, "from pages");
            }
        }
        return 0;
    }

    private static void find(ObjectStorage storage, MeteredReads meter, String how) {
        Incarnation incarnation = Repository.at(storage, SERVICE).current();
        meter.take();
        long start = System.nanoTime();
        HistoryBuilder query = History.of(incarnation.catalogue(), incarnation.index());
        List<HistoryEntry> drops;
        try (Stream<HistoryEntry> found = query.only(ChangeKind.DROP).build().newestFirst()) {
            drops = found.toList();
        }
        System.out.printf("%s: %.3f s, %s%n", how, (System.nanoTime() - start) / 1e9, meter.take());
        drops.forEach(drop -> System.out.println(drop.describe()));
    }

    private void make(FileSystemStorage files) throws IOException, SQLException {
        List<byte[]> work = new ArrayList<>();
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("wal_keep_size", "1GB")
                        .setServerConfig("autovacuum", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("fsync", "off")
                        .start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute("create table victim (id int primary key, text text)");
            sql.execute("insert into victim select id, md5(id::text) from generate_series(1, 1000) id");
            sql.execute("create table accounts (id int primary key, balance int, text text)");
            sql.execute("insert into accounts select id, 0, md5(id::text) from generate_series(1, 100000) id");
            Path wal = Path.of(ask(sql, "show data_directory"), "pg_wal");
            while (work.size() < WORK_SEGMENTS) {
                work.add(segmentOf(sql, wal, FindBenchmark::work));
            }
            byte[] drop = segmentOf(sql, wal, FindBenchmark::accident);
            store(files, work, drop);
        }
    }

    /** Does something between two switches. */
    private interface Work {
        void run(Statement sql) throws SQLException;
    }

    /** Small transactions, until the segment is nearly full. */
    private static void work(Statement sql) throws SQLException {
        while (Long.parseLong(ask(sql, "select mod(pg_current_wal_insert_lsn() - '0/0', 16777216)::bigint"))
                < FULL_BYTES) {
            sql.execute("do $$ begin for i in 1..1000 loop"
                    + " update accounts set balance = balance + 1 where id = 1 + (i * 7919) % 100000; commit;"
                    + " end loop; end $$");
        }
    }

    private static void accident(Statement sql) throws SQLException {
        work(sql);
        sql.execute("drop table victim");
    }

    private static byte[] segmentOf(Statement sql, Path wal, Work work) throws SQLException, IOException {
        sql.execute("select pg_switch_wal()");
        work.run(sql);
        String name = ask(sql, "select pg_walfile_name(pg_current_wal_lsn() - 1)");
        sql.execute("select pg_switch_wal()");
        byte[] bytes = Files.readAllBytes(wal.resolve(name));
        int flags = bytes[2];
        if ((flags & 1) != 0) {
            throw new IllegalStateException(name + " begins inside a record: the work took more than one segment");
        }
        return bytes;
    }

    private static String ask(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private void store(FileSystemStorage files, List<byte[]> work, byte[] drop) {
        ByteBuffer header = ByteBuffer.wrap(drop).order(ByteOrder.LITTLE_ENDIAN);
        ClusterIdentity cluster = new ClusterIdentity(
                header.getLong(24),
                PostgresVersion.ofPageMagic(Short.toUnsignedInt(header.getShort(0)))
                        .orElseThrow(),
                WalSegmentSize.DEFAULT);
        Incarnation incarnation = Repository.at(files, SERVICE).init(cluster);
        long last = 0;
        long stored = 0;
        for (int number = 1; number <= segments; number++) {
            WalSegment segment = new WalSegment(TimelineId.FIRST, number, cluster.segmentSize());
            byte[] original = number == segments / 2 ? drop : work.get(number % work.size());
            ShiftedSegment shifted =
                    new ShiftedSegment(original, segment.start().value());
            last = shifted.link(last);
            stored += incarnation
                    .wal()
                    .create(new WalFileName.Segment(segment), Content.of(shifted.bytes()))
                    .storedSizeBytes();
            if (number % 128 == 0) {
                System.out.println(number + " segments, " + stored / 1_000_000 + " MB stored");
            }
        }
    }
}

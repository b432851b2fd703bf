package dev.pitr.examples.bench;

import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.record.RowOperation;
import dev.pitr.wal.record.WalCursor;
import dev.pitr.wal.record.WalRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast records are read from WAL in memory, on one thread, beside CRC-32C alone over the same bytes. Scores are MiB a
 * second.
 *
 * <p>The WAL is what a server writes for small rows, most of its records 50 to 200 bytes long: many records a byte.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
public class WalCursorBenchmark {
    private static final int SEGMENTS = 8;
    private static final int MEBIBYTES = SEGMENTS * 16;
    private static final int BUFFER_BYTES = 1 << 16;

    private final List<byte[]> segments = new ArrayList<>();

    /** Makes a server write the WAL, and reads it. */
    @Setup
    public void writeWal() throws IOException, SQLException {
        Path folder = Files.createTempDirectory("pitr-wal-benchmark");
        try (BenchmarkCluster cluster = BenchmarkCluster.start(folder.resolve("data"))) {
            try (Connection connection = DriverManager.getConnection(cluster.url());
                    Statement statement = connection.createStatement()) {
                statement.execute("create table rows (id int primary key, n int, word text)");
                statement.execute("insert into rows select g, g % 100, md5(g::text) from generate_series(1, 600000) g");
                statement.execute("update rows set n = n + 1 where id % 2 = 0");
                statement.execute("delete from rows where id % 3 = 0");
                statement.execute("select pg_switch_wal()");
            }
            readSegments(cluster.dataDirectory().resolve("pg_wal"));
        } finally {
            deleteAll(folder);
        }
    }

    private void readSegments(Path wal) throws IOException {
        try (Stream<Path> files = Files.list(wal)) {
            List<Path> names = files.filter(
                            file -> file.getFileName().toString().matches("[0-9A-F]{24}"))
                    .sorted()
                    .skip(1)
                    .limit(SEGMENTS)
                    .toList();
            for (Path file : names) {
                segments.add(Files.readAllBytes(file));
            }
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    private WalCursor newCursor() {
        WalPageHeader first = WalPageHeader.parse(segments.get(0));
        return WalCursor.builder(first.segmentSize()).from(first.address()).build();
    }

    /** Only moves from record to record, which checks each. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public long cursor() {
        WalCursor cursor = newCursor();
        long records = 0;
        for (byte[] segment : segments) {
            for (int at = 0; at < segment.length; at += BUFFER_BYTES) {
                cursor.feed(segment, at, BUFFER_BYTES);
                while (cursor.next()) {
                    records++;
                }
            }
        }
        return records;
    }

    /** Looks into each record too: counts rows, and makes values of the records that matter to recovery. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public long cursorAndEvents() {
        WalCursor cursor = newCursor();
        WalRecord record = cursor.record();
        long found = 0;
        for (byte[] segment : segments) {
            for (int at = 0; at < segment.length; at += BUFFER_BYTES) {
                cursor.feed(segment, at, BUFFER_BYTES);
                while (cursor.next()) {
                    found += record.rowOperation() == RowOperation.NONE ? 0 : record.rows();
                    found += record.event().isPresent() ? 1 : 0;
                }
            }
        }
        return found;
    }

    /** The least that any check of these bytes costs. */
    @Benchmark
    @OperationsPerInvocation(MEBIBYTES)
    public long crcAlone() {
        CRC32C crc = new CRC32C();
        for (byte[] segment : segments) {
            for (int at = 0; at < segment.length; at += BUFFER_BYTES) {
                crc.update(segment, at, BUFFER_BYTES);
            }
        }
        return crc.getValue();
    }
}

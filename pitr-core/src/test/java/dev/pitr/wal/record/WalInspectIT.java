package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares every record of a varied workload with what the server's own extension {@code pg_walinspect} says of it. */
class WalInspectIT {
    private static final int CHUNK = 20_000;
    private static final Pattern BLOCK =
            Pattern.compile("blkref #(\\d+): rel (\\d+/\\d+/\\d+) (?:fork (\\w+) )?blk (\\d+)");
    private static final List<String> FORKS = List.of("main", "fsm", "vm", "init");

    /** What every workload must have made the server write, besides what only some versions do. */
    private static final List<String> EXPECTED = List.of(
            "XLOG CHECKPOINT_SHUTDOWN",
            "XLOG CHECKPOINT_ONLINE",
            "XLOG NEXTOID",
            "XLOG SWITCH",
            "XLOG BACKUP_END",
            "XLOG PARAMETER_CHANGE",
            "XLOG RESTORE_POINT",
            "XLOG FPW_CHANGE",
            "XLOG END_OF_RECOVERY",
            "XLOG FPI_FOR_HINT",
            "XLOG FPI",
            "XLOG OVERWRITE_CONTRECORD",
            "Transaction COMMIT",
            "Transaction PREPARE",
            "Transaction ABORT",
            "Transaction COMMIT_PREPARED",
            "Transaction ABORT_PREPARED",
            "Transaction ASSIGNMENT",
            "Transaction INVALIDATION",
            "Storage CREATE",
            "Storage TRUNCATE",
            "Database CREATE_FILE_COPY",
            "Database CREATE_WAL_LOG",
            "Database DROP",
            "Tablespace CREATE",
            "Tablespace DROP",
            "MultiXact CREATE_ID",
            "RelMap UPDATE",
            "Standby LOCK",
            "Standby RUNNING_XACTS",
            "Standby INVALIDATIONS",
            "Heap2 REWRITE",
            "Heap2 VISIBLE",
            "Heap2 MULTI_INSERT",
            "Heap2 MULTI_INSERT+INIT",
            "Heap2 LOCK_UPDATED",
            "Heap2 NEW_CID",
            "Heap INSERT",
            "Heap INSERT+INIT",
            "Heap DELETE",
            "Heap UPDATE",
            "Heap UPDATE+INIT",
            "Heap HOT_UPDATE",
            "Heap TRUNCATE",
            "Heap HEAP_CONFIRM",
            "Heap LOCK",
            "Heap INPLACE",
            "Btree INSERT_LEAF",
            "Hash INSERT",
            "Gin INSERT",
            "Gist PAGE_UPDATE",
            "SPGist ADD_LEAF",
            "BRIN INSERT",
            "Generic Generic",
            "Sequence LOG",
            "CommitTs ZEROPAGE",
            "ReplicationOrigin SET",
            "ReplicationOrigin DROP",
            "LogicalMessage MESSAGE");

    /** What both sides say of a record. */
    private record Row(
            Lsn start,
            Lsn end,
            Lsn previous,
            long xid,
            String resourceManager,
            String operation,
            long length,
            long mainDataLength,
            long imageLength,
            List<String> blocks) {
        String kind() {
            return resourceManager + " " + operation;
        }
    }

    private final Map<String, Long> kinds = new TreeMap<>();
    private long records;

    @TempDir
    private Path folder;

    @Test
    void agreesWithTheServerOnASmallWorkload() throws Exception {
        PostgresVersion version = PostgresVersions.newest();
        compare(version, 1, 2_000);

        report(version);
        assertThat(kinds.keySet()).containsAll(EXPECTED);
    }

    @Test
    @Tag("soak")
    void agreesWithTheServerOnAMillionRecordsAVersion() throws Exception {
        for (PostgresVersion version : PostgresVersions.selected()) {
            if (version.isAtLeast(PostgresVersion.V15)) {
                kinds.clear();
                records = 0;
                compare(version, 1, 40_000);
                compare(version, 16, 150_000);
                compare(version, 64, 150_000);

                report(version);
                assertThat(kinds.keySet()).containsAll(EXPECTED);
                assertThat(records).isGreaterThan(1_000_000);
            }
        }
    }

    private void report(PostgresVersion version) {
        System.out.println("PostgreSQL " + version + ": " + records + " records equal, " + kinds);
    }

    private void compare(PostgresVersion version, int mebibytes, int rows) throws Exception {
        WalSegmentSize size = new WalSegmentSize(mebibytes << 20);
        Path data = folder.resolve(version + "-" + mebibytes);
        try (PostgresServer server = WalWorkload.start(version, data, mebibytes)) {
            server.execute("create extension pg_walinspect");
            Lsn start = Lsn.parse(server.queryOne("select pg_switch_wal()"));
            WalWorkload.run(server, rows);
            loseARecord(server, size);
            server.execute("select pg_switch_wal()");
            compareFrom(server, size, TimelineId.FIRST, segmentStart(start, size));
            comparePromoted(server, size);
        }
    }

    private static Lsn segmentStart(Lsn switched, WalSegmentSize size) {
        int offset = size.offsetInSegment(switched);
        return offset == 0 ? switched : switched.plus(size.bytes() - offset);
    }

    /** Crashes the server in the middle of a record: its continuation never reached the disk. */
    private static void loseARecord(PostgresServer server, WalSegmentSize size) throws IOException {
        Lsn end = Lsn.parse(server.queryOne("select pg_logical_emit_message(false, 'lost', repeat('x', 30000))"));
        server.execute("set synchronous_commit = on", "create table flushed (id int)");
        server.stop(PostgresServer.StopMode.IMMEDIATE);
        long page = (end.value() - 1) & -8192L;
        Path wal = server.dataDirectory().resolve("pg_wal");
        WalSegment segment = WalSegment.containing(TimelineId.FIRST, new Lsn(page), size);
        byte[] bytes = Files.readAllBytes(wal.resolve(segment.name()));
        Arrays.fill(bytes, size.offsetInSegment(new Lsn(page)), bytes.length, (byte) 0);
        Files.write(wal.resolve(segment.name()), bytes);
        server.restart();
    }

    private void comparePromoted(PostgresServer server, WalSegmentSize size) throws Exception {
        Path data = server.dataDirectory().resolveSibling(server.dataDirectory().getFileName() + "-standby");
        try (PostgresServer standby = server.startStandby(data)) {
            standby.execute("select pg_promote()");
            standby.awaitPromoted();
            standby.execute("create table after_promotion (id int)", "checkpoint", "select pg_switch_wal()");
            Lsn fork = Lsn.parse(standby.queryOne("select redo_lsn from pg_control_checkpoint()"));
            compareFrom(standby, size, new TimelineId(2), new Lsn(fork.value() & -(long) size.bytes()));
        }
    }

    private void compareFrom(PostgresServer server, WalSegmentSize size, TimelineId timeline, Lsn start)
            throws IOException, SQLException {
        Path wal = server.dataDirectory().resolve("pg_wal");
        WalCursor cursor =
                WalCursor.builder(size).from(start).timeline(timeline).build();
        List<Row> chunk = new ArrayList<>();
        Lsn end = Lsn.parse(server.queryOne("select pg_current_wal_flush_lsn()"));
        try (Connection connection = server.connect()) {
            for (WalSegment at = WalSegment.containing(timeline, start, size);
                    at.start().isBefore(end);
                    at = at.next()) {
                byte[] segment = Files.readAllBytes(wal.resolve(at.name()));
                cursor.feed(segment, 0, segment.length);
                while (cursor.next()) {
                    chunk.add(row(cursor.record()));
                    kinds.merge(chunk.get(chunk.size() - 1).kind(), 1L, Long::sum);
                    if (chunk.size() == CHUNK) {
                        compare(connection, chunk);
                    }
                }
            }
            compare(connection, chunk);
        }
        assertThat(cursor.end().lsn()).isGreaterThanOrEqualTo(end);
    }

    private void compare(Connection connection, List<Row> chunk) throws SQLException {
        String query = "select start_lsn, end_lsn, prev_lsn, xid::text, resource_manager, record_type, record_length,"
                + " main_data_length, fpi_length, block_ref from pg_get_wal_records_info('"
                + chunk.get(0).start() + "', '" + chunk.get(chunk.size() - 1).end() + "')";
        List<Row> told = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                told.add(row(result));
            }
        }
        assertThat(chunk).hasSameSizeAs(told);
        for (int i = 0; i < chunk.size(); i++) {
            assertThat(chunk.get(i)).isEqualTo(told.get(i));
        }
        records += chunk.size();
        chunk.clear();
    }

    private static Row row(ResultSet result) throws SQLException {
        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(result.getString(10) == null ? "" : result.getString(10));
        while (block.find()) {
            blocks.add(block.group(1) + " " + block.group(2) + " " + block.group(3) + " " + block.group(4));
        }
        return new Row(
                Lsn.parse(result.getString(1)),
                Lsn.parse(result.getString(2)),
                Lsn.parse(result.getString(3)),
                Long.parseLong(result.getString(4)),
                result.getString(5),
                result.getString(6),
                result.getLong(7),
                result.getLong(8),
                result.getLong(9),
                blocks);
    }

    private static Row row(WalRecord record) {
        List<String> blocks = new ArrayList<>();
        long images = 0;
        for (int i = 0; i < record.blockCount(); i++) {
            images += record.blockImageLength(i);
            blocks.add(record.blockId(i) + " " + record.blockFile(i) + " " + FORKS.get(record.blockFork(i)) + " "
                    + record.blockNumber(i));
        }
        return new Row(
                new Lsn(record.startLsn()),
                new Lsn(record.endLsn()),
                new Lsn(record.previousLsn()),
                record.xid(),
                record.resourceManagerName(),
                record.operationName(),
                record.length(),
                record.mainDataLength(),
                images,
                blocks);
    }
}

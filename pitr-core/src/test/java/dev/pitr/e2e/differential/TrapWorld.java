package dev.pitr.e2e.differential;

import dev.pitr.catalog.Backup;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;

/**
 * A cluster whose past holds the traps of recovery, one after the other, and two timelines that branched off. Each row of
 * its table tells when it was committed.
 */
final class TrapWorld {
    private static final int MORE_THAN_A_SNAPSHOT_HOLDS = 70;

    final World world;
    final Archiving archiving;
    Backup first;
    Backup second;
    Backup overflowed;
    Instant betweenRows;
    Instant whenIdle;
    Lsn prepared;
    Lsn beforeTheFork;
    long droppingXid;
    long subtransaction;

    TrapWorld(Path folder, PostgresVersion version) {
        world = new World(folder, version, 0);
        archiving = new Archiving(world);
    }

    void build() throws Exception {
        PostgresServer.Builder builder = PostgresServer.create(
                        world.version(), world.folder().resolve("original").resolve("data"))
                .walSegmentMebibytes(1);
        Archiving.SETTINGS.forEach(builder::setting);
        try (PostgresServer server = builder.start()) {
            ClusterLife.prepare(server);
            world.bornAt(position(server));
            world.pitr().init(server.jdbcUrl(), server.superuser());
            backups(server);
            dropDatabase(server);
            sameNameTwice(server);
            fork(server);
            overflow(server);
            idle(server);
        }
        world.catalogue().backups().forEach(world::base);
        branch();
    }

    /** The second backup sees no transaction end, and row 2 is committed between a moment and it. */
    private void backups(PostgresServer server) throws Exception {
        first = archiving.backUp(server);
        add(server, 1);
        betweenRows = now(server);
        add(server, 2);
        second = archiving.backUp(server);
        add(server, 3);
        archiving.run(server);
    }

    private void dropDatabase(PostgresServer server) throws SQLException {
        server.execute("create database doomed template template1");
        try (Connection connection = DriverManager.getConnection(
                        server.jdbcUrl().replace("/postgres", "/doomed"), server.superuser());
                Statement statement = connection.createStatement()) {
            statement.execute("create table kept as select 42 as answer");
        }
        droppingXid = Long.parseLong(server.queryOne("select pg_current_xact_id()")) + 1;
        server.execute("drop database doomed");
    }

    private void sameNameTwice(PostgresServer server) throws SQLException {
        server.execute("select pg_create_restore_point('twice')");
        add(server, 4);
        server.execute("select pg_create_restore_point('twice')");
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("begin");
            statement.execute("insert into log values (5)");
            statement.execute("savepoint s");
            statement.execute("insert into log values (6)");
            try (ResultSet xmin = statement.executeQuery("select xmin::text::bigint from log where id = 6")) {
                xmin.next();
                subtransaction = xmin.getLong(1);
            }
            statement.execute("commit");
        }
        server.execute("select pg_switch_wal()");
    }

    /** In one segment: a prepared transaction, and behind it where the timelines will branch off. */
    private void fork(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("begin");
            statement.execute("insert into log values (7)");
            statement.execute("prepare transaction 'waiting'");
        }
        beforeTheFork = position(server);
        add(server, 8);
        prepared = position(server);
        add(server, 9);
        server.execute("commit prepared 'waiting'");
    }

    /** A transaction with many subtransactions is open while a backup runs and until behind a restore point. */
    private void overflow(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("begin");
            for (int i = 0; i < MORE_THAN_A_SNAPSHOT_HOLDS; i++) {
                statement.execute("savepoint s");
                statement.execute("insert into log values (" + (1000 + i) + ")");
            }
            overflowed = archiving.backUp(server);
            server.execute("select pg_create_restore_point('overflowed')");
            statement.execute("commit");
        }
    }

    /** Nothing happens for a while, but time passes. */
    private void idle(PostgresServer server) throws Exception {
        add(server, 10);
        whenIdle = now(server);
        server.execute("select pg_create_restore_point('idle')");
        archiving.run(server);
    }

    /** Timeline 2 leaves 1; timeline 3 leaves it, too, and earlier, though recovery followed timeline 2. */
    private void branch() throws Exception {
        promote(TimelineId.FIRST, prepared, 20);
        promote(new TimelineId(2), first.stopLsn().plus(1), 30);
    }

    private void promote(TimelineId timeline, Lsn at, int row) throws Exception {
        try (Recovery recovery = Recovery.start(
                world,
                first,
                Map.of(
                        "recovery_target_lsn", at.toString(),
                        "recovery_target_inclusive", "off",
                        "recovery_target_timeline", timeline.toString(),
                        "recovery_target_action", "promote",
                        "archive_mode", "on"))) {
            recovery.server().awaitPromoted();
            add(recovery.server(), row);
            archiving.run(recovery.server());
        }
    }

    private static void add(PostgresServer server, int row) {
        server.execute("insert into log values (" + row + ")");
    }

    private static Lsn position(PostgresServer server) {
        return Lsn.parse(server.queryOne("select pg_current_wal_insert_lsn()"));
    }

    private static Instant now(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet now = statement.executeQuery("select clock_timestamp()")) {
            now.next();
            return now.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}

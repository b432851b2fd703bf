package dev.pitr.wal.record;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Makes a server write WAL of every kind. */
final class WalWorkload {
    private static final int SUBTRANSACTIONS = 200;

    private final PostgresServer server;

    private WalWorkload(PostgresServer server) {
        this.server = server;
    }

    /** Starts a server that keeps all of its WAL. */
    static PostgresServer start(PostgresVersion version, Path folder, int segmentMebibytes) {
        PostgresServer.Builder server = PostgresServer.create(version, folder)
                .walSegmentMebibytes(segmentMebibytes)
                .setting("wal_level", "replica")
                .setting("wal_log_hints", "on")
                .setting("wal_keep_size", "20GB")
                .setting("max_wal_size", "20GB")
                .setting("max_prepared_transactions", "10")
                .setting("max_connections", "20")
                .setting("autovacuum", "off")
                .setting("synchronous_commit", "off");
        if (version.isAtLeast(PostgresVersion.V15)) {
            server.setting("wal_compression", "on");
        }
        return server.start();
    }

    static void run(PostgresServer server, int bulkRows) throws SQLException {
        WalWorkload workload = new WalWorkload(server);
        workload.rows("postgres");
        workload.transactions();
        workload.concurrentLocks();
        workload.housekeeping();
        workload.bulk(bulkRows);
        server.configure(Map.of("wal_level", "logical", "track_commit_timestamp", "on", "full_page_writes", "off"));
        server.restart();
        workload.logical();
        server.configure(Map.of("full_page_writes", "on"));
        server.reload();
        server.awaitTrue("select current_setting('full_page_writes') = 'on'");
        server.execute("checkpoint", "select pg_create_restore_point('end of the workload')");
    }

    private String strategy(String name) {
        return server.version().isAtLeast(PostgresVersion.V15) ? " strategy " + name : "";
    }

    private void rows(String database) throws SQLException {
        execute(
                database,
                "create extension bloom",
                "create table things (id int primary key, word text, place point, span int4range, words text[], n int)",
                "create index on things using hash (n)",
                "create index on things using gin (words)",
                "create index on things using gist (place)",
                "create index on things using gist (span)",
                "create index on things using spgist (word)",
                "create index on things using spgist (place)",
                "create index things_brin on things using brin (id) with (pages_per_range = 2)",
                "create index on things using bloom (n)",
                "insert into things select g, md5(g::text), point(g, -g), int4range(g, g + 5), array[g::text, (g % 7)::text], g"
                        + " from generate_series(1, 3000) g",
                "select brin_summarize_new_values('things_brin'), brin_desummarize_range('things_brin', 0)",
                "update things set n = n + 1 where id % 5 = 0",
                "update things set word = word || 'x' where id % 7 = 0",
                "delete from things where id % 3 = 0",
                "vacuum things",
                "insert into things select g, 'again', point(0, 0), int4range(1, 2), array['x'], 1"
                        + " from generate_series(3001, 4000) g",
                "delete from things where id > 1500",
                "vacuum (freeze) things",
                "insert into things (id) values (1) on conflict do nothing",
                "insert into things (id) values (9000001) on conflict (id) do update set n = 2",
                "vacuum full things",
                "cluster things using things_pkey",
                "alter table things alter word type varchar(100)",
                "truncate things",
                "create sequence numbers",
                "select nextval('numbers'), setval('numbers', 500)",
                "create table hot (id int, n int) with (fillfactor = 50)",
                "insert into hot select g, 0 from generate_series(1, 500) g",
                "update hot set n = 1",
                "update hot set n = 2",
                "select count(*) from hot",
                "delete from hot",
                "vacuum hot",
                "create unlogged table unlogged (id int primary key)",
                "create table dropped (id serial primary key, t text)",
                "insert into dropped (t) select repeat('long', 1000 + g) from generate_series(1, 50) g",
                "drop table dropped",
                "create materialized view view as select 1 as one",
                "refresh materialized view view",
                "vacuum full pg_class");
    }

    private void transactions() throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (id int)");
            connection.setAutoCommit(false);
            for (int i = 0; i < SUBTRANSACTIONS; i++) {
                statement.execute("savepoint s");
                statement.execute("insert into t values (" + i + ")");
                statement.execute(i % 10 == 0 ? "rollback to s" : "release s");
            }
            connection.commit();
            statement.execute("insert into t values (1)");
            statement.execute("create table rolled_back (id int)");
            connection.rollback();
            for (String name : new String[] {"kept", "undone"}) {
                statement.execute("create table prepared_" + name + " (id int)");
                statement.execute("savepoint s");
                statement.execute("insert into t values (2)");
                statement.execute("prepare transaction '" + name + "'");
                connection.commit();
            }
        }
        server.execute("commit prepared 'kept'", "rollback prepared 'undone'", "drop table prepared_kept");
    }

    private void concurrentLocks() throws SQLException {
        server.execute("create table locked (id int primary key, n int)", "insert into locked values (1, 1), (2, 1)");
        try (Connection first = server.connect();
                Connection second = server.connect();
                Statement one = first.createStatement();
                Statement two = second.createStatement()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            one.execute("select * from locked where id = 1 for share");
            two.execute("select * from locked where id = 1 for share");
            one.execute("update locked set n = 2 where id = 2");
            two.execute("select * from locked where id = 2 for key share");
            first.commit();
            second.commit();
        }
    }

    private void housekeeping() throws SQLException {
        Path folder = server.newTablespaceFolder("space-" + server.port());
        server.execute(
                "create tablespace space location '" + folder + "'",
                "create table placed (id int) tablespace space",
                "insert into placed values (1)",
                "create database copied template template0" + strategy("file_copy"),
                "create database logged template template0" + strategy("wal_log"),
                "drop database copied");
        rows("logged");
        server.execute(
                "drop database logged",
                "drop table placed",
                "drop tablespace space",
                "select pg_create_restore_point('before the mistake')",
                "select pg_logical_emit_message(true, 'prefix', 'in a transaction')",
                "select pg_logical_emit_message(false, 'prefix', repeat('long', 500000))",
                "select count(lo_create(0)) from generate_series(1, 9000)",
                "select pg_replication_origin_create('origin')",
                "select pg_replication_origin_advance('origin', '0/123')",
                "select pg_replication_origin_drop('origin')",
                "checkpoint",
                "select pg_switch_wal()");
        boolean isExclusiveForm = !server.version().isAtLeast(PostgresVersion.V15);
        server.execute(
                isExclusiveForm ? "select pg_start_backup('b', true, false)" : "select pg_backup_start('b', true)",
                isExclusiveForm ? "select pg_stop_backup(false, false)" : "select pg_backup_stop(false)");
    }

    private void bulk(int rows) {
        server.execute(
                "create table bulk (id int primary key, n int, word text)",
                "insert into bulk select g, g % 100, md5(g::text) from generate_series(1, " + rows + ") g",
                "update bulk set n = n + 1 where id % 3 = 0",
                "delete from bulk where id % 4 = 0",
                "vacuum bulk",
                "create table copied_in as table bulk");
    }

    private void logical() throws SQLException {
        server.execute(
                "select pg_create_logical_replication_slot('slot', 'test_decoding')",
                "create table catalog (id int) with (user_catalog_table = true)",
                "insert into catalog select generate_series(1, 50)",
                "update catalog set id = id + 1",
                "vacuum full catalog",
                "alter table t add column word text default 'x'",
                "truncate t restart identity cascade",
                // Needs more than one page of commit times, and of subtransactions in memory.
                "do $$ begin for i in 1 .. 2000 loop begin insert into t values (i); exception when others then raise;"
                        + " end; end loop; end $$");
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("update catalog set id = id + 1");
            statement.execute("savepoint s");
            statement.execute("update catalog set id = id + 1");
            statement.execute("insert into t values (1)");
            connection.commit();
            statement.execute("select count(*) from pg_logical_slot_get_changes('slot', null, null)");
            connection.commit();
        }
        server.execute("select pg_drop_replication_slot('slot')");
    }

    private void execute(String database, String... statements) throws SQLException {
        String url = server.jdbcUrl().replaceAll("/postgres$", "/" + database);
        try (Connection connection = DriverManager.getConnection(url, server.superuser());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}

package dev.pitr.e2e.differential;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.TimelineId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * One client, which does one small thing at each step, so that the open transactions of several clients interleave as a
 * seed says. Used by one thread at a time.
 */
final class Client implements AutoCloseable {
    private final TimelineId timeline;
    private final RowLog log;
    private final Random random;
    private final Connection connection;
    private final Statement statement;
    private final String name;
    private Set<Long> added = new TreeSet<>();
    private long xid;
    private int count;

    Client(PostgresServer server, TimelineId timeline, String name, RowLog log, Random random) throws SQLException {
        this.timeline = timeline;
        this.name = name;
        this.log = log;
        this.random = random;
        this.connection = server.connect();
        this.statement = connection.createStatement();
    }

    /** Does something: begins, goes on with, or ends a transaction. */
    void step() throws SQLException {
        if (xid == 0) {
            begin();
            return;
        }
        switch (random.nextInt(12)) {
            case 0 -> savepoint("release savepoint s");
            case 1 -> savepoint("rollback to savepoint s");
            case 2 -> table();
            case 3 -> prepare();
            case 4 -> rollback();
            case 5, 6 -> insert();
            default -> commit();
        }
    }

    private void begin() throws SQLException {
        run("begin");
        insert();
        xid = Long.parseLong(one("select pg_current_xact_id()")) & 0xFFFF_FFFFL;
    }

    private void insert() throws SQLException {
        added.add(insertOne());
    }

    private long insertOne() throws SQLException {
        long row = log.newRow();
        run("insert into log values (" + row + ", repeat('x', " + random.nextInt(2000) + "))");
        return row;
    }

    private void savepoint(String ending) throws SQLException {
        run("savepoint s");
        long row = insertOne();
        run(ending);
        if (ending.startsWith("release")) {
            added.add(row);
        }
    }

    /** A table that comes, or comes and goes: locks, files, catalog rows. */
    private void table() throws SQLException {
        String table = "t_" + name + "_" + count++;
        run("create table " + table + " (x int)");
        if (random.nextBoolean()) {
            run("drop table " + table);
        }
    }

    /** Has more subtransactions than a snapshot holds; stays open. */
    void subtransactions(int number) throws SQLException {
        if (xid == 0) {
            begin();
        }
        for (int i = 0; i < number; i++) {
            savepoint("release savepoint s");
        }
    }

    void commit() throws SQLException {
        run("commit");
        log.committed(timeline, xid, added);
        ended();
    }

    private void rollback() throws SQLException {
        run("rollback");
        ended();
    }

    private void prepare() throws SQLException {
        String gid = name + "_" + count++;
        run("prepare transaction '" + gid + "'");
        log.prepared(gid, xid, added);
        ended();
    }

    private void ended() {
        xid = 0;
        added = new TreeSet<>();
    }

    /** Ends a prepared transaction, if there is one, whoever prepared it. */
    void endPrepared() throws SQLException {
        if (xid != 0) {
            return;
        }
        String gid = one("select coalesce(min(gid), '') from pg_prepared_xacts");
        if (gid.isEmpty()) {
            return;
        }
        if (random.nextBoolean()) {
            run("commit prepared '" + gid + "'");
            log.preparedIsCommitted(gid, timeline);
        } else {
            run("rollback prepared '" + gid + "'");
        }
    }

    /** Ends an open transaction. */
    void settle() throws SQLException {
        if (xid != 0) {
            if (random.nextInt(4) == 0) {
                rollback();
            } else {
                commit();
            }
        }
    }

    /** Whole small transactions, one after the other, while other clients do the same. */
    void rush(int transactions) throws SQLException {
        settle();
        for (int i = 0; i < transactions; i++) {
            begin();
            settle();
        }
    }

    private void run(String sql) throws SQLException {
        statement.execute(sql);
    }

    private String one(String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

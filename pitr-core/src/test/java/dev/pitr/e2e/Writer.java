package dev.pitr.e2e;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * One client of the workload. It changes rows of its own only, so that its log alone says what each of its transactions
 * did, and it writes into the log what the server told it: transaction numbers and WAL positions before and after.
 * Used by one thread; the log is read when that has ended.
 */
final class Writer implements AutoCloseable {
    /** A committed transaction: what it did, and between which WAL positions its commit record lies. */
    record Committed(long xid, Set<Row> added, Set<Row> removed, Lsn notBefore, Lsn notAfter) {}

    /** The end of an aborted transaction or subtransaction: its record is behind that position, not later than that. */
    record Aborted(Lsn notBefore, Instant notLater) {}

    private static final long IDS_PER_WRITER = 100_000_000L;
    private static final int BULK_ROWS = 150;

    private final int number;
    private final Random random;
    private final Connection connection;
    private final Statement statement;
    private final List<Committed> committed = new ArrayList<>();
    private final List<Aborted> aborted = new ArrayList<>();
    private final List<Row> live = new ArrayList<>();

    private long nextId;
    private int transactions;
    private Set<Row> added = Set.of();
    private Set<Row> removed = Set.of();

    Writer(PostgresServer server, int number, long seed) throws SQLException {
        this.number = number;
        this.random = new Random(seed * 31 + number);
        this.nextId = number * IDS_PER_WRITER;
        this.connection = server.connect();
        this.connection.setAutoCommit(false);
        this.statement = connection.createStatement();
    }

    List<Committed> committed() {
        return committed;
    }

    List<Aborted> aborted() {
        return aborted;
    }

    /** Runs one transaction of a random kind to its random end. */
    void transact() throws SQLException {
        transactions++;
        added = new TreeSet<>();
        removed = new TreeSet<>();
        change();
        if (random.nextInt(5) == 0) {
            subtransaction();
        }
        // Every transaction inserts, so that it has a number and shows in the server's decoding.
        insert(Tables.BASE.get(random.nextInt(3)), 1);
        long xid = Long.parseLong(one("select pg_current_xact_id()"));
        int ending = random.nextInt(20);
        if (ending == 0) {
            prepare(xid, "commit prepared ");
        } else if (ending == 1) {
            prepare(xid, "rollback prepared ");
        } else {
            end(xid, ending <= 3 ? "rollback" : "commit");
        }
    }

    private void change() throws SQLException {
        switch (random.nextInt(12)) {
            case 0 -> insert(Tables.BASE.get(random.nextInt(3)), BULK_ROWS);
            case 1, 2, 3 -> update(1 + random.nextInt(20));
            case 4 -> delete(1 + random.nextInt(20));
            case 5 -> changeTables();
            default -> insert(Tables.BASE.get(random.nextInt(3)), 1 + random.nextInt(10));
        }
    }

    private void insert(String table, int count) throws SQLException {
        statement.execute(
                "insert into " + table + " select id, revision, " + Row.PAYLOAD + " from (select id, 0 as revision"
                        + " from generate_series(" + nextId + "::bigint, " + (nextId + count - 1) + ") id) fresh");
        for (int i = 0; i < count; i++) {
            added.add(new Row(table, nextId++, 0));
        }
    }

    private void update(int count) throws SQLException {
        for (Row row : pick(count)) {
            int revision = row.revision() + 1;
            statement.execute("update " + row.table() + " set revision = " + revision + ", payload = "
                    + Row.PAYLOAD.replace("revision", Integer.toString(revision)) + " where id = " + row.id());
            removed.add(row);
            added.add(row.updated());
        }
    }

    private void delete(int count) throws SQLException {
        for (Row row : pick(count)) {
            statement.execute("delete from " + row.table() + " where id = " + row.id());
            removed.add(row);
        }
    }

    /** Rows of this writer that exist, each once. */
    private Set<Row> pick(int count) {
        Set<Row> picked = new TreeSet<>();
        for (int i = 0; i < count && !live.isEmpty(); i++) {
            picked.add(live.get(random.nextInt(live.size())));
        }
        return picked;
    }

    /** Creates a table in a random tablespace, or drops one: files come and go. */
    private void changeTables() throws SQLException {
        List<String> droppable = live.stream()
                .map(Row::table)
                .filter(table -> !Tables.BASE.contains(table))
                .distinct()
                .toList();
        if (!droppable.isEmpty() && random.nextBoolean()) {
            String table = droppable.get(random.nextInt(droppable.size()));
            statement.execute("drop table " + table);
            live.stream().filter(row -> row.table().equals(table)).forEach(removed::add);
            return;
        }
        String table = "t_extra_" + number + "_" + transactions;
        statement.execute(Tables.definition(table, random.nextInt(3)));
        insert(table, 20);
    }

    private void subtransaction() throws SQLException {
        Set<Row> before = new TreeSet<>(added);
        Savepoint savepoint = connection.setSavepoint();
        insert(Tables.BASE.get(random.nextInt(3)), 3);
        if (random.nextBoolean()) {
            connection.releaseSavepoint(savepoint);
            return;
        }
        Lsn notBefore = position();
        connection.rollback(savepoint);
        aborted.add(new Aborted(notBefore, now()));
        added = before;
    }

    private void prepare(long xid, String ending) throws SQLException {
        String name = "'w" + number + "-" + transactions + "'";
        statement.execute("prepare transaction " + name);
        connection.commit();
        connection.setAutoCommit(true);
        end(xid, ending + name);
        connection.setAutoCommit(false);
    }

    private void end(long xid, String sql) throws SQLException {
        Lsn notBefore = position();
        statement.execute(sql);
        Lsn notAfter = position();
        if (sql.startsWith("rollback")) {
            aborted.add(new Aborted(notBefore, now()));
        } else {
            committed.add(new Committed(xid & 0xFFFF_FFFFL, added, removed, notBefore, notAfter));
            live.removeAll(removed);
            live.addAll(added);
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private Lsn position() throws SQLException {
        return Lsn.parse(one("select pg_current_wal_insert_lsn()"));
    }

    private Instant now() throws SQLException {
        try (ResultSet result = statement.executeQuery("select clock_timestamp()")) {
            result.next();
            return result.getObject(1, OffsetDateTime.class).toInstant();
        }
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

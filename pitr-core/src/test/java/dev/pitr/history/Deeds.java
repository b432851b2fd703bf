package dev.pitr.history;

import dev.pitr.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Does things to a server, each in a transaction of its own, and remembers what the server itself says of them. */
final class Deeds {
    private final PostgresServer server;
    private final Map<String, Long> xids = new LinkedHashMap<>();

    Deeds(PostgresServer server) {
        this.server = server;
    }

    /** Runs statements in one transaction, under a name to ask for its number by. */
    void commit(String name, String... statements) throws SQLException {
        run(name, List.of(statements), "commit");
    }

    void rollBack(String name, String... statements) throws SQLException {
        run(name, List.of(statements), "rollback");
    }

    void prepare(String name, String... statements) throws SQLException {
        run(name, List.of(statements), "prepare transaction '" + name + "'");
    }

    private void run(String name, List<String> statements, String end) throws SQLException {
        try (Connection connection = server.connect();
                Statement sql = connection.createStatement()) {
            sql.execute("begin");
            for (String statement : statements) {
                sql.execute(statement);
            }
            xids.put(name, currentXid(sql));
            sql.execute(end);
        }
    }

    private static long currentXid(Statement sql) throws SQLException {
        try (ResultSet row = sql.executeQuery("select pg_current_xact_id()::text")) {
            row.next();
            return Long.parseLong(row.getString(1));
        }
    }

    /** Runs a statement that can't be in a block, whose transaction is the next one that gets a number. */
    void alone(String name, String statement) {
        long before = Long.parseLong(server.queryOne("select pg_snapshot_xmax(pg_current_snapshot())::text"));
        server.execute(statement);
        xids.put(name, before);
    }

    long xid(String name) {
        return Objects.requireNonNull(xids.get(name), name);
    }

    String nameOf(long xid) {
        return xids.entrySet().stream()
                .filter(entry -> entry.getValue() == xid)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("transaction " + xid);
    }

    /** When the server says that it ended, with track_commit_timestamp = on. */
    Instant time(String name) {
        return Instant.parse(server.queryOne("select to_char(pg_xact_commit_timestamp('" + xid(name)
                + "'::xid) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }

    long number(String query) {
        return Long.parseLong(server.queryOne(query));
    }
}

package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The workload's tables: one in the default tablespace, one in each of two others, indexes elsewhere than the rows. */
final class Tables {
    static final List<String> BASE = List.of("t_default", "t_left", "t_right");
    static final List<String> TABLESPACES = List.of("pg_default", "space_left", "space_right");

    private static final String COLUMNS = " (id bigint primary key using index tablespace %s, revision int not null,"
            + " payload text not null) tablespace %s";

    private Tables() {}

    /** Creates tablespaces in folders below the given one, and the tables. */
    static void create(PostgresServer server, Path folder) {
        for (String space : TABLESPACES.subList(1, 3)) {
            server.createTablespace(space, folder.resolve(space));
        }
        server.execute("create extension amcheck");
        for (int i = 0; i < BASE.size(); i++) {
            server.execute(definition(BASE.get(i), i));
        }
    }

    /** SQL that creates a table with its rows in one tablespace and its index in the next. */
    static String definition(String table, int tablespace) {
        int size = TABLESPACES.size();
        return "create table " + table
                + COLUMNS.formatted(TABLESPACES.get((tablespace + 1) % size), TABLESPACES.get(tablespace % size));
    }

    /** Reads every row of every table, checks its payload, and lets the server check every index. */
    static SortedSet<Row> read(PostgresServer server) {
        SortedSet<Row> rows = new TreeSet<>();
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            for (String table : server.query("select relname from pg_class where relkind = 'r'"
                    + " and relnamespace = 'public'::regnamespace order by 1")) {
                read(statement, table, rows);
                statement.execute("select bt_index_check('" + table + "_pkey')");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot read the workload's tables: " + e.getMessage(), e);
        }
        return rows;
    }

    private static void read(Statement statement, String table, SortedSet<Row> rows) throws SQLException {
        String query = "select id, revision, payload = " + Row.PAYLOAD + " from " + table;
        try (ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                Row row = new Row(table, result.getLong(1), result.getInt(2));
                assertThat(result.getBoolean(3)).as("payload of %s", row).isTrue();
                rows.add(row);
            }
        }
    }
}

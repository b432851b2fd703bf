package dev.pitr.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** What tests do by SQL on a local server, as its superuser. */
public abstract class SuperuserAccess {
    static final String SUPERUSER = "postgres";

    private final int port;

    SuperuserAccess(int port) {
        this.port = port;
    }

    /**
     * Returns the port on 127.0.0.1, the same for the life of this object.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    /**
     * Returns a URL of the database {@code postgres}, without user.
     *
     * @return a JDBC URL
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /**
     * Returns the properties that go with {@link #jdbcUrl()} to connect as superuser.
     *
     * @return new properties, to be extended freely
     */
    public Properties superuser() {
        Properties properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        return properties;
    }

    /**
     * Connects as superuser.
     *
     * @return a connection to the database {@code postgres}
     * @throws SQLException if that fails
     */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), superuser());
    }

    /**
     * Runs statements as superuser, each in its own transaction.
     *
     * @param statements SQL
     */
    public void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot run on the test server: " + e.getMessage(), e);
        }
    }

    /**
     * Runs one query as superuser.
     *
     * @param sql a query with one column
     * @return the values as text, null as {@code "null"}
     */
    public List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot query the test server: " + e.getMessage(), e);
        }
    }

    /**
     * Runs one query as superuser.
     *
     * @param sql a query with one column and one row
     * @return the value as text, null as {@code "null"}
     */
    public String queryOne(String sql) {
        List<String> values = query(sql);
        if (values.size() != 1) {
            throw new IllegalStateException("Expected one row, got " + values.size() + ": " + sql);
        }
        return values.get(0);
    }

    /**
     * Creates a tablespace.
     *
     * @param name its name
     * @param folder a folder that is absent
     */
    public void createTablespace(String name, Path folder) {
        try {
            Files.createDirectories(folder);
            ServerAccount.current().adopt(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute("create tablespace " + name + " location '" + folder + "'");
    }
}

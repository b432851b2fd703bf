package dev.pitr.postgres;

import dev.pitr.error.PitrException;
import dev.pitr.postgres.driver.SocketCapture;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left of pgjdbc once it has connected and authenticated: the socket, which is ours now, and the means to cancel
 * and to close.
 */
final class DriverSession {
    private static final Logger LOG = LoggerFactory.getLogger(DriverSession.class);
    private static final String ATTEMPT = "Cannot connect to the server";

    private final Connection connection;
    private final Socket plain;
    private final MessageStream stream;
    private final String serverVersion;

    private DriverSession(Connection connection, Socket plain, MessageStream stream, String serverVersion) {
        this.connection = connection;
        this.plain = plain;
        this.stream = stream;
        this.serverVersion = serverVersion;
    }

    static DriverSession open(String jdbcUrl, Properties given) {
        String url = jdbcUrl.indexOf('?') < 0 ? jdbcUrl : jdbcUrl.substring(0, jdbcUrl.indexOf('?'));
        Properties properties = parse(jdbcUrl, url, given);
        prepare(properties);
        try (SocketCapture capture = SocketCapture.prepare(properties)) {
            Connection connection = capture.connect(instrumented -> connect(url, instrumented));
            return takeOver(connection, capture, silenceLimit(properties));
        } catch (SQLException e) {
            throw ServerErrors.connecting(ATTEMPT, e);
        }
    }

    private static Properties parse(String jdbcUrl, String withoutOptions, Properties given) {
        // The driver logs a URL that it refuses, so the options, which may hold a password, come second.
        Properties properties = Driver.parseURL(withoutOptions, given) == null ? null : Driver.parseURL(jdbcUrl, given);
        if (properties == null) {
            throw new PitrException(
                    "postgres.url",
                    ATTEMPT + ": this is no JDBC URL that the driver understands. "
                            + "Expected jdbc:postgresql://HOST:PORT/DATABASE?OPTIONS.");
        }
        return properties;
    }

    private static void prepare(Properties properties) {
        if ("require".equalsIgnoreCase(properties.getProperty("gssEncMode"))) {
            throw new PitrException(
                    "postgres.gss-encryption",
                    ATTEMPT + ": gssEncMode=require is not supported for backups. Use TLS (sslmode) instead.");
        }
        properties.setProperty("gssEncMode", "disable");
        // "database" rather than "true": it takes ordinary SQL too, and an ordinary line of pg_hba.conf matches it.
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "9.4");
        properties.putIfAbsent("tcpKeepAlive", "true");
        properties.putIfAbsent("ApplicationName", "pitr");
    }

    private static Duration silenceLimit(Properties properties) {
        String seconds = properties.getProperty("socketTimeout", "0");
        try {
            return Duration.ofSeconds(Math.max(0, Integer.parseInt(seconds)));
        } catch (NumberFormatException e) {
            throw new PitrException("postgres.url", ATTEMPT + ": socketTimeout must be a number of seconds.", e);
        }
    }

    private static Connection connect(String url, Properties properties) throws SQLException {
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not take this URL");
        }
        return connection;
    }

    private static DriverSession takeOver(Connection connection, SocketCapture capture, Duration silenceLimit)
            throws SQLException {
        try {
            String version = connection.getMetaData().getDatabaseProductVersion();
            MessageStream stream = new MessageStream(capture.settle(), silenceLimit);
            return new DriverSession(connection, capture.plain(), stream, version);
        } catch (IOException e) {
            connection.close();
            throw ServerErrors.lost(ATTEMPT, e);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    MessageStream stream() {
        return stream;
    }

    /** Returns the server's {@code server_version}, with whatever a packager has added. */
    String serverVersion() {
        return serverVersion;
    }

    /** Asks the server over a connection of its own to cancel what runs. Callable from any thread. */
    void cancel() {
        try {
            connection.unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            throw new ServerException(
                    "postgres.unreachable",
                    "Cannot ask the server to cancel: " + e.getMessage() + ". Close the connection instead.",
                    e.getSQLState(),
                    List.of(),
                    e);
        }
    }

    /** Says goodbye to the server and closes. */
    void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("Closing a replication connection failed", e);
        }
    }

    /** Closes without a word, whatever is under way. */
    void abandon() {
        try {
            plain.close();
        } catch (IOException e) {
            LOG.debug("Closing the socket of a replication connection failed", e);
        }
        close();
    }
}

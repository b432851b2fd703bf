package dev.pitr.postgres;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A connection in replication mode: pgjdbc connects and authenticates, then this class speaks on its socket. One thread
 * at a time; {@link #cancel()} from any thread.
 */
public final class ReplicationConnection implements AutoCloseable {
    private ReplicationConnection() {}

    /**
     * Connects by a JDBC URL and the driver's properties (user, password, ssl…, socketFactory…); the user's factories are
     * kept.
     *
     * @param jdbcUrl as for the driver
     * @param properties as for the driver
     * @return the connection
     */
    public static ReplicationConnection open(String jdbcUrl, Properties properties) {
        throw new UnsupportedOperationException();
    }

    /**
     * IDENTIFY_SYSTEM plus wal_segment_size: whose server this is.
     *
     * @return the cluster's identity
     */
    public ClusterIdentity identity() {
        throw new UnsupportedOperationException();
    }

    /**
     * The server's version.
     *
     * @return the major version
     */
    public PostgresVersion version() {
        throw new UnsupportedOperationException();
    }

    /**
     * Full server version, such as {@code 18.3}.
     *
     * @return the text
     */
    public String serverVersion() {
        throw new UnsupportedOperationException();
    }

    /**
     * Any simple query, as text rows: column name to value (null allowed), in the order of the columns.
     *
     * @param sql one statement
     * @return the rows
     */
    public List<Map<String, @Nullable String>> query(String sql) {
        throw new UnsupportedOperationException();
    }

    /**
     * Runs BASE_BACKUP; returns after the server confirmed the end. Throws ServerException (postgres.*) on the server's
     * errors.
     *
     * @param options what to ask for
     * @param sink receives the stream
     * @return the end
     */
    public BaseBackupEnd baseBackup(BaseBackupOptions options, BaseBackupSink sink) {
        throw new UnsupportedOperationException();
    }

    /** Asks the server to cancel what runs. */
    public void cancel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}

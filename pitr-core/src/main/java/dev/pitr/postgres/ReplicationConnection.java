package dev.pitr.postgres;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A connection in replication mode: pgjdbc connects and authenticates, then this class speaks on its socket. One thread
 * at a time; {@link #cancel()} from any thread.
 */
public final class ReplicationConnection implements AutoCloseable {
    private ReplicationConnection() {}

    /** Connects by a JDBC URL and the driver's properties (user, password, ssl…, socketFactory…); user's factories are kept. */
    public static ReplicationConnection open(String jdbcUrl, Properties properties) {
        throw new UnsupportedOperationException();
    }

    /** IDENTIFY_SYSTEM plus wal_segment_size: whose server this is. */
    public ClusterIdentity identity() {
        throw new UnsupportedOperationException();
    }

    /** The server's version. */
    public PostgresVersion version() {
        throw new UnsupportedOperationException();
    }

    /** Full server version, such as {@code 18.3}. */
    public String serverVersion() {
        throw new UnsupportedOperationException();
    }

    /** Any simple query, as text rows: column name to value (null allowed). */
    public List<Map<String, String>> query(String sql) {
        throw new UnsupportedOperationException();
    }

    /** Options of BASE_BACKUP; the owner turns this into a proper builder-made value. */
    public record BaseBackupOptions(
            String label, boolean fastCheckpoint, long maxRateKibPerSecond, String manifestChecksums) {}

    /** What the server says before the data: start position and timeline, tablespaces. */
    public record BaseBackupStart(Lsn startLsn, TimelineId timeline, List<Archive> archives) {}

    /** What the server says after the data. */
    public record BaseBackupEnd(Lsn stopLsn, TimelineId timeline, List<String> warnings) {}

    /** One tar archive: a tablespace (oid != 0, location) or the data directory (oid 0). Size: an estimate in bytes. */
    public record Archive(int oid, String location, long estimatedBytes) {}

    /** Receives the stream, in this order: start, then for each archive archiveStart, data*, archiveEnd; manifest data*. */
    public interface BaseBackupSink {
        /** The server has started the backup. */
        void start(BaseBackupStart start);

        /** A tar archive begins. */
        void archiveStart(Archive archive);

        /** Tar bytes; the buffer is only valid during the call. */
        void data(byte[] buffer, int offset, int length);

        /** The archive is complete; PostgreSQL 13 and 14 send no end-of-archive blocks. */
        void archiveEnd();

        /** Bytes of the backup manifest; the buffer is only valid during the call. */
        void manifest(byte[] buffer, int offset, int length);
    }

    /** Runs BASE_BACKUP; returns after the server confirmed the end. Throws ServerException (postgres.*) on the server's errors. */
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

package dev.pitr.postgres;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A session with a server in replication mode, which takes {@code BASE_BACKUP} as well as ordinary SQL.
 *
 * <p>pgjdbc connects, does TLS, authenticates and picks the host; then this class speaks PostgreSQL's protocol on that
 * socket, because the driver's own API can't carry a base backup. The role needs {@code LOGIN} and {@code REPLICATION}, no
 * more; {@code pg_hba.conf} needs an ordinary line for the database in the URL.
 *
 * <p>One thread at a time, save for {@link #cancel()}. A thread that is interrupted while the server is due to answer ends
 * within a second with {@link CancelledException}; the server is told to cancel and the connection is closed. The driver's
 * property {@code socketTimeout} limits, in seconds, how long the server may send nothing while an answer is due (default:
 * any time; the server is silent during a spread checkpoint).
 */
public final class ReplicationConnection implements AutoCloseable {
    private static final Optional<String> UNDEFINED_FILE = Optional.of("58P01");

    private final DriverSession session;
    private final PostgresVersion version;
    private boolean closed;

    private ReplicationConnection(DriverSession session, PostgresVersion version) {
        this.session = session;
        this.version = version;
    }

    /**
     * Connects as pgjdbc does, to the host and with the options that it would use: user, password, {@code .pgpass},
     * service file, TLS, several hosts. {@code socketFactory} and {@code sslfactory} are honoured. Encryption by GSSAPI is
     * not supported.
     *
     * @param jdbcUrl {@code jdbc:postgresql://HOST:PORT/DATABASE?OPTIONS}
     * @param properties further options of the driver; not changed, not kept
     * @return the open connection, to be closed by the caller
     * @throws ServerException if the server can't be reached or refuses; the code tells why
     * @throws PitrException {@code postgres.url} if the driver does not understand the URL
     * @throws dev.pitr.wal.UnsupportedVersionException if the server's major version is not known to pitr
     */
    public static ReplicationConnection open(String jdbcUrl, Properties properties) {
        DriverSession session = DriverSession.open(jdbcUrl, properties);
        try {
            return new ReplicationConnection(session, major(session.serverVersion()));
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static PostgresVersion major(String serverVersion) {
        String digits = serverVersion.split("\\D", 2)[0];
        try {
            return PostgresVersion.ofMajor(Integer.parseInt(digits));
        } catch (NumberFormatException e) {
            throw new PitrException(
                    "postgres.protocol",
                    "Cannot tell the version of the server: it names \"" + serverVersion + "\".",
                    e);
        }
    }

    /**
     * Asks whose server this is.
     *
     * @return system identifier, major version and WAL segment size
     * @throws ServerException on the server's error
     */
    public ClusterIdentity identity() {
        long systemIdentifier = Long.parseUnsignedLong(value(identifySystem(), "systemid"));
        String bytes = onlyValue("select setting from pg_settings where name = 'wal_segment_size'");
        return new ClusterIdentity(systemIdentifier, version, new WalSegmentSize(Integer.parseInt(bytes)));
    }

    /**
     * Asks how far the server's WAL is durable: on a primary flushed, on a standby received or replayed.
     *
     * @return the position, and the timeline that it belongs to
     * @throws ServerException on the server's error
     */
    public WalPosition walPosition() {
        Map<String, @Nullable String> row = identifySystem();
        return new WalPosition(TimelineId.parse(value(row, "timeline")), Lsn.parse(value(row, "xlogpos")));
    }

    /**
     * Reads the history file of a timeline ({@code TIMELINE_HISTORY}; PostgreSQL documentation, "Streaming Replication
     * Protocol").
     *
     * @param timeline the server's, or an ancestor of it
     * @return the file's bytes; empty if the server doesn't have it, as for timeline 1, of which there is none
     * @throws ServerException on the server's error
     */
    public Optional<byte[]> timelineHistory(TimelineId timeline) {
        try {
            List<Map<String, byte @Nullable []>> rows =
                    exchange("Cannot read the history of timeline " + timeline, "Reading of a history", () -> {
                        session.stream().send('Q', "TIMELINE_HISTORY " + timeline.value());
                        return new Answer(session.stream()).lastRawRows();
                    });
            return Optional.of(Objects.requireNonNull(rows.get(0).get("content"), "content"));
        } catch (ServerException e) {
            if (e.sqlState().equals(UNDEFINED_FILE)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Map<String, @Nullable String> identifySystem() {
        return query("IDENTIFY_SYSTEM").get(0);
    }

    /**
     * Completes the current WAL segment, so that the server archives it. Something is written first: a segment without a
     * record would not be completed.
     *
     * @param size the cluster's segment size
     * @return the segment that is complete now
     * @throws ServerException on the server's error; {@code pg_switch_wal} needs a superuser or a grant, and a primary
     */
    public WalSegment completeWalSegment(WalSegmentSize size) {
        query("select pg_logical_emit_message(false, 'pitr', 'segment switch')");
        TimelineId timeline = walPosition().timeline();
        Lsn end = Lsn.parse(onlyValue("select pg_switch_wal()"));
        return WalSegment.containing(timeline, end.plus(-1), size);
    }

    /**
     * Returns the server's major version.
     *
     * @return the version
     */
    public PostgresVersion version() {
        return version;
    }

    /**
     * Returns the server's full version, without what a packager has added.
     *
     * @return such as {@code 18.3}
     */
    public String serverVersion() {
        return session.serverVersion().split(" ", 2)[0];
    }

    /**
     * Runs one statement, in a transaction of its own, or a command of the replication protocol.
     *
     * @param sql one statement, without parameters: the caller quotes
     * @return the rows as text, column names to values in the columns' order; up to 16 MiB
     * @throws ServerException on the server's error, after which the connection can be used on
     * @throws CancelledException if the thread was interrupted
     */
    public List<Map<String, @Nullable String>> query(String sql) {
        return exchange("Cannot query the server", "The query", () -> {
            session.stream().send('Q', sql);
            return new Answer(session.stream()).lastRows();
        });
    }

    private String onlyValue(String sql) {
        Map<String, @Nullable String> row = query(sql).get(0);
        return Objects.requireNonNull(row.values().iterator().next(), sql);
    }

    private static String value(Map<String, @Nullable String> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }

    /**
     * Takes a base backup ({@code BASE_BACKUP}; PostgreSQL documentation, "Streaming Replication Protocol") and returns
     * once the server has confirmed its end. Uses memory of some 128 KiB, whatever the cluster's size.
     *
     * @param options what to ask for
     * @param sink receives the stream; what it throws ends the backup and the connection, and is thrown on
     * @return where the backup ends, and the server's warnings
     * @throws ServerException on the server's error; it may come after all data was received, as for pages whose
     *     checksum is wrong ({@code postgres.page-checksum}): what the sink has received is then no backup
     * @throws CancelledException if the thread was interrupted
     */
    public BaseBackupEnd baseBackup(BaseBackupOptions options, BaseBackupSink sink) {
        return exchange("Cannot take a base backup", "The base backup", () -> {
            session.stream().send('Q', BaseBackupCommand.text(options, version));
            return new BaseBackupReader(session.stream(), version, sink).read();
        });
    }

    private <T> T exchange(String attempt, String job, Exchange<T> exchange) {
        if (closed) {
            throw new ServerException(
                    "postgres.connection-lost",
                    attempt + ": the connection is closed. Open a new one.",
                    null,
                    List.of(),
                    null);
        }
        try {
            return exchange.run();
        } catch (ServerFailure e) {
            if (e.error().endsSession()) {
                abandon();
            }
            throw ServerErrors.of(attempt, e);
        } catch (InterruptedIOException e) {
            Thread.interrupted();
            cancelAndAbandon(e);
            Thread.currentThread().interrupt();
            throw new CancelledException(job);
        } catch (IOException e) {
            abandon();
            throw ServerErrors.lost(attempt, e);
        } catch (RuntimeException | Error e) {
            cancelAndAbandon(e);
            throw e;
        }
    }

    /** The server notices a closed socket only when it next sends, perhaps after a long checkpoint: so it is told. */
    private void cancelAndAbandon(Throwable reason) {
        try {
            session.cancel();
        } catch (ServerException e) {
            reason.addSuppressed(e);
        }
        abandon();
    }

    private void abandon() {
        closed = true;
        session.abandon();
    }

    /**
     * Asks the server to cancel what runs on this connection; callable from any thread, does nothing if nothing runs. What
     * runs then ends with a {@link ServerException} of code {@code postgres.query-cancelled}, and the connection can be
     * used on.
     *
     * @throws ServerException if the request could not be sent
     */
    public void cancel() {
        session.cancel();
    }

    /**
     * Tells whether the connection can be used; it can't after {@link #close()}, after an interruption, or once it was lost.
     *
     * @return true if so
     */
    public boolean isOpen() {
        return !closed;
    }

    /** Ends the session. Does nothing if that has happened. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            session.close();
        }
    }

    /** One question to the server and its answer. */
    private interface Exchange<T> {
        T run() throws IOException, ServerFailure;
    }
}

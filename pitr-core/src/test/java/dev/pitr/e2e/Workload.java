package dev.pitr.e2e;

import static java.util.concurrent.TimeUnit.MICROSECONDS;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * Writers that change a server's tables at the same time, until they are stopped: inserts, updates, deletes, tables that
 * come and go, subtransactions, two-phase commits, aborts.
 *
 * <p>Needs {@code wal_level=logical}, {@code track_commit_timestamp=on}, {@code max_prepared_transactions} above the number
 * of writers and {@code autovacuum=off}, so that nobody else's transactions end in between.
 */
final class Workload implements AutoCloseable {
    /** What {@link History} needs of the server. */
    static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "logical",
            "track_commit_timestamp", "on",
            "max_prepared_transactions", "16",
            "autovacuum", "off");

    /** Leaves a shared machine's processors some room; the writers of a real service are clients, too, and think. */
    private static final long THINKING_NANOS = MICROSECONDS.toNanos(500);

    private final PostgresServer server;
    private final List<Writer> writers = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads;
    private final AtomicInteger transactions = new AtomicInteger();
    private final Map<String, Lsn> restorePoints = new TreeMap<>();
    private volatile boolean stopping;

    private Workload(PostgresServer server, int writers, long seed) throws SQLException {
        this.server = server;
        this.threads = Executors.newFixedThreadPool(writers);
        for (int i = 0; i < writers; i++) {
            this.writers.add(new Writer(server, i, seed));
        }
    }

    /** Starts to watch the server's commits, and to write. The tables must exist. */
    static Workload start(PostgresServer server, int writers, long seed) throws SQLException {
        CommitOrder.watch(server);
        Workload workload = new Workload(server, writers, seed);
        for (Writer writer : workload.writers) {
            workload.running.add(workload.threads.submit(() -> workload.write(writer)));
        }
        return workload;
    }

    private Void write(Writer writer) throws SQLException {
        while (!stopping) {
            writer.transact();
            transactions.incrementAndGet();
            LockSupport.parkNanos(THINKING_NANOS);
        }
        return null;
    }

    /** Waits until so many more transactions have ended. */
    void awaitTransactions(int more) {
        int goal = transactions.get() + more;
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    failIfAWriterFailed();
                    return transactions.get() >= goal;
                });
    }

    private void failIfAWriterFailed() throws InterruptedException, ExecutionException {
        for (Future<?> writer : running) {
            if (writer.isDone()) {
                writer.get();
            }
        }
    }

    /** Creates a restore point among the writers' transactions. */
    void restorePoint(String name) {
        restorePoints.put(name, Lsn.parse(server.queryOne("select pg_create_restore_point('" + name + "')")));
    }

    /** Ends the writers and tells what happened. The server must still run, and be the one that the writers wrote to. */
    History stop() throws InterruptedException, ExecutionException {
        stopping = true;
        for (Future<?> writer : running) {
            writer.get();
        }
        threads.shutdown();
        return new History(CommitOrder.read(server), writers, restorePoints);
    }

    @Override
    public void close() throws SQLException {
        stopping = true;
        threads.shutdownNow();
        for (Writer writer : writers) {
            writer.close();
        }
    }
}

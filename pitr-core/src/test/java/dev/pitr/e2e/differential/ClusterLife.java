package dev.pitr.e2e.differential;

import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What happens to one server on one timeline: clients' steps, and now and then something of the administrator's. */
final class ClusterLife implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final List<String> RESTORE_POINTS = List.of("noon", "noon", "before release", "é 'quoted'");

    private final PostgresServer server;
    private final TimelineId timeline;
    private final Random random;
    private final List<Client> clients = new ArrayList<>();
    private int databases;

    ClusterLife(PostgresServer server, TimelineId timeline, RowLog log, Random random) throws SQLException {
        this.server = server;
        this.timeline = timeline;
        this.random = random;
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(server, timeline, "c" + timeline + i, log, new Random(random.nextLong())));
        }
    }

    /** Creates what the clients need. */
    static void prepare(PostgresServer server) {
        server.execute(
                "create table log (id bigint, filler text)",
                "update pg_database set datistemplate = false where datname = 'template0'",
                "drop database template0");
    }

    void steps(int count) throws SQLException, InterruptedException, ExecutionException {
        for (int i = 0; i < count; i++) {
            step();
        }
    }

    void step() throws SQLException, InterruptedException, ExecutionException {
        int die = random.nextInt(400);
        if (die < 320) {
            anyClient().step();
        } else if (die < 345) {
            anyClient().endPrepared();
        } else if (die < 360) {
            restorePoint();
        } else if (die < 370) {
            server.execute("checkpoint");
        } else if (die < 380) {
            switchSegment();
        } else if (die < 387) {
            anyClient().subtransactions(70);
        } else if (die < 391) {
            rush();
        } else if (die < 393) {
            database();
        } else {
            // No transaction, but WAL: an idle cluster's standby snapshots and messages.
            server.execute("select pg_logical_emit_message(false, 'idle', repeat('x', 20000))");
        }
    }

    void restorePoint() {
        String name = RESTORE_POINTS.get(random.nextInt(RESTORE_POINTS.size())).replace("'", "''");
        server.execute("select pg_create_restore_point('" + name + "')");
    }

    void switchSegment() {
        server.execute("select pg_switch_wal()");
    }

    private Client anyClient() {
        return clients.get(random.nextInt(clients.size()));
    }

    private void database() {
        String name = "d" + timeline + "_" + databases++;
        boolean canChoose = server.version().isAtLeast(PostgresVersion.V15);
        String strategy = canChoose && random.nextBoolean() ? " strategy file_copy" : "";
        server.execute("create database " + name + " template template1" + strategy);
        if (random.nextBoolean()) {
            server.execute("drop database " + name);
        }
    }

    /** All clients commit as fast as they can at the same time. */
    private void rush() throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (Client client : clients) {
                running.add(threads.submit(() -> {
                    client.rush(8);
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Ends all open transactions; prepared ones may stay. */
    void settle() throws SQLException {
        for (Client client : clients) {
            client.settle();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Client client : clients) {
            client.close();
        }
    }
}

package dev.pitr.e2e.differential;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.restore.WalDelivery;
import dev.pitr.testing.PostgresServer;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One recovery by a real server, on a copy of an unpacked backup, with all WAL in reach. */
final class Recovery implements AutoCloseable {
    private static final long POLL_NANOS = 10_000_000;
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final Pattern NEW_TIMELINE = Pattern.compile("selected new timeline ID: (\\d+)");
    private static final Pattern HISTORY_LINE = Pattern.compile("^\\d+\\t(\\S+)\\t", Pattern.MULTILINE);

    private final World world;
    private final Path folder;
    private final PostgresServer server;

    private Recovery(World world, Path folder, PostgresServer server) {
        this.world = world;
        this.folder = folder;
        this.server = server;
    }

    /** Starts a server that recovers with these settings; others win over them, such as a restore_command of one's own. */
    static Recovery start(World world, Backup backup, Map<String, String> settings) {
        return start(world, backup, settings, "recovery.signal");
    }

    /** Carries out a plan, and starts the server. */
    static Recovery of(World world, RestorePlan plan) {
        try {
            Path folder = Files.createTempDirectory(world.folder(), "recovery");
            Path data = folder.resolve("data");
            world.pitr()
                    .restore(plan, data)
                    .wal(new WalDelivery.Staged())
                    .build()
                    .execute()
                    .close();
            return new Recovery(world, folder, PostgresServer.launch(world.version(), data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a standby that reads the archive and waits at its end. */
    static Recovery startStandby(World world, Backup backup, Map<String, String> settings) {
        return start(world, backup, settings, "standby.signal");
    }

    private static Recovery start(World world, Backup backup, Map<String, String> settings, String signal) {
        Path base = world.base(backup);
        try {
            Path folder = Files.createTempDirectory(world.folder(), "recovery");
            Path data = folder.resolve("data");
            copy(base, data);
            Files.createFile(data.resolve(signal));
            Map<String, String> all = new LinkedHashMap<>();
            all.put("restore_command", world.wal().restoreCommand());
            all.put("hot_standby", "on");
            all.put("archive_mode", "off");
            all.putAll(settings);
            return new Recovery(world, folder, PostgresServer.launch(world.version(), data, all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try {
            int exit = new ProcessBuilder("cp", "-Rp", from.toString(), to.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IOException("cp exited with " + exit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    PostgresServer server() {
        return server;
    }

    /** Waits until recovery has ended or pauses, and looks. */
    Outcome await() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (server.isRunning()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Recovery goes on for ever:\n" + server.log());
            }
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                while (true) {
                    Optional<Outcome> outcome = look(statement);
                    if (outcome.isPresent()) {
                        return outcome.get();
                    }
                    LockSupport.parkNanos(POLL_NANOS);
                }
            } catch (SQLException e) {
                // It starts up, or has ended with an error.
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return new Outcome(Outcome.Kind.FAILED, Lsn.ZERO, new TreeSet<>(), server.log());
    }

    private Optional<Outcome> look(Statement statement) throws SQLException {
        String paused = world.version().isAtLeast(PostgresVersion.V14)
                ? "pg_get_wal_replay_pause_state() = 'paused'"
                : "pg_is_wal_replay_paused()";
        try (ResultSet state = statement.executeQuery("select pg_is_in_recovery(),"
                + " case when pg_is_in_recovery() then " + paused + " end, pg_last_wal_replay_lsn()")) {
            state.next();
            if (!state.getBoolean(1)) {
                return Optional.of(new Outcome(Outcome.Kind.PROMOTED, switchPoint(), rows(statement), server.log()));
            }
            if (!state.getBoolean(2)) {
                return Optional.empty();
            }
            Lsn end = Lsn.parse(state.getString(3));
            return Optional.of(new Outcome(Outcome.Kind.PAUSED, end, rows(statement), server.log()));
        }
    }

    private static SortedSet<Long> rows(Statement statement) throws SQLException {
        SortedSet<Long> rows = new TreeSet<>();
        try (ResultSet result = statement.executeQuery("select id from log")) {
            while (result.next()) {
                if (!rows.add(result.getLong(1))) {
                    throw new IllegalStateException("row " + result.getLong(1) + " is there twice");
                }
            }
        }
        return rows;
    }

    /** The timeline of a promoted server. */
    TimelineId newTimeline() {
        Matcher line = NEW_TIMELINE.matcher(server.log());
        if (!line.find()) {
            throw new IllegalStateException("The server is on no new timeline:\n" + server.log());
        }
        return TimelineId.parse(line.group(1));
    }

    /** Where a promoted server's timeline begins: the end of the last record that it replayed. */
    Lsn switchPoint() {
        try {
            String history = Files.readString(server.dataDirectory()
                    .resolve("pg_wal")
                    .resolve(newTimeline().toHex() + ".history"));
            Lsn last = Lsn.ZERO;
            Matcher lines = HISTORY_LINE.matcher(history);
            while (lines.find()) {
                last = Lsn.parse(lines.group(1));
            }
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

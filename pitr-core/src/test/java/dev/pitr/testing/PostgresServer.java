package dev.pitr.testing;

import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * One data directory and the server that runs on it, for tests.
 *
 * <p>Listens on a free loopback port only, trusts everybody there, and is killed at {@link #close()} and when the JVM
 * exits. The superuser is {@code postgres}. The server's log is a file beside the data directory. Not thread-safe, save
 * for connections and {@link #log()}.
 *
 * <pre>{@code
 * try (PostgresServer server = PostgresServer.create(PostgresVersion.V18, folder.resolve("data"))
 *         .setting("archive_mode", "on")
 *         .start()) {
 *     server.execute("create table t (id int)");
 * }
 * }</pre>
 */
public final class PostgresServer extends SuperuserAccess implements AutoCloseable {
    /** How a server is told to stop. */
    public enum StopMode {
        /** Ends the sessions and checkpoints. */
        FAST("INT"),
        /** Ends at once, as after a crash; the next start recovers. */
        IMMEDIATE("QUIT");

        private final String signal;

        StopMode(String signal) {
            this.signal = signal;
        }
    }

    /** How long waiting methods wait unless they are told otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PostgresVersion version;
    private final Path dataDirectory;
    private final Map<String, String> startSettings;
    private final ServerProcess process;

    private PostgresServer(PostgresVersion version, Path dataDirectory, Map<String, String> startSettings) {
        super(Ports.free());
        this.version = version;
        this.dataDirectory = dataDirectory;
        this.startSettings = Map.copyOf(startSettings);
        this.process = new ServerProcess(
                version, dataDirectory, dataDirectory.resolveSibling(dataDirectory.getFileName() + ".log"));
    }

    /**
     * Prepares a new cluster.
     *
     * @param version the major version
     * @param dataDirectory a folder that is absent or empty
     * @return a builder; its settings go to {@code postgresql.conf}, so that copies of the cluster have them too
     */
    public static Builder create(PostgresVersion version, Path dataDirectory) {
        return new Builder(version, dataDirectory);
    }

    /**
     * Starts a server on a data directory that exists, such as a restored one, without waiting for anything. What it
     * does with recovery is the data directory's affair.
     *
     * @param version the major version
     * @param dataDirectory the data directory
     * @return the starting server
     */
    public static PostgresServer launch(PostgresVersion version, Path dataDirectory) {
        return launch(version, dataDirectory, Map.of());
    }

    /**
     * Starts a server on a data directory that exists, without waiting for anything.
     *
     * @param version the major version
     * @param dataDirectory the data directory
     * @param settings settings given on the command line, which win over all files
     * @return the starting server
     */
    public static PostgresServer launch(PostgresVersion version, Path dataDirectory, Map<String, String> settings) {
        try {
            ServerAccount.current().adopt(dataDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PostgresServer server = new PostgresServer(version, dataDirectory, settings);
        server.launch();
        return server;
    }

    private void launch() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", Integer.toString(port()));
        settings.put("unix_socket_directories", "");
        settings.putAll(startSettings);
        process.start(settings);
    }

    /**
     * Returns the data directory.
     *
     * @return the path
     */
    public Path dataDirectory() {
        return dataDirectory;
    }

    /**
     * Returns the major version.
     *
     * @return the version
     */
    public PostgresVersion version() {
        return version;
    }

    /**
     * Returns what the server has logged, over all its starts.
     *
     * @return the log's text
     */
    public String log() {
        return process.log();
    }

    /**
     * Tells whether the server process runs.
     *
     * @return true until it has exited
     */
    public boolean isRunning() {
        return process.isRunning();
    }

    /**
     * Waits until the server takes connections.
     *
     * @return this
     */
    public PostgresServer awaitReady() {
        await("accept connections", () -> true);
        return this;
    }

    /**
     * Waits until the server takes connections and is not in recovery, that is, after promotion.
     *
     * @return this
     */
    public PostgresServer awaitPromoted() {
        await("end its recovery", () -> "f".equals(queryOne("select pg_is_in_recovery()")));
        return this;
    }

    /**
     * Waits until a query gives one row {@code "t"}.
     *
     * @param sql a query with one boolean column
     * @return this
     */
    public PostgresServer awaitTrue(String sql) {
        await("make true: " + sql, () -> "t".equals(queryOne(sql)));
        return this;
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            if (process.exitsWithin(Duration.ofMillis(20))) {
                throw new IllegalStateException(
                        "The server exited with " + process.exitCode() + " before it did " + what + ":\n" + log());
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("The server did not " + what + " in " + PATIENCE + ":\n" + log());
            }
        }
    }

    private boolean holds(BooleanSupplier condition) {
        try (Connection ignored = connect()) {
            return condition.getAsBoolean();
        } catch (SQLException | IllegalStateException e) {
            return false;
        }
    }

    /**
     * Waits until the server has exited by itself.
     *
     * @return its exit code; 1 after FATAL at start, 0 after a clean stop
     * @throws TimeoutException if it still runs after {@link #PATIENCE}
     */
    public int awaitExit() throws TimeoutException {
        if (!process.exitsWithin(PATIENCE)) {
            throw new TimeoutException("The server still runs after " + PATIENCE + ":\n" + log());
        }
        return process.exitCode();
    }

    /**
     * Stops the server and waits for its end; does nothing if it has ended.
     *
     * @param mode how
     */
    public void stop(StopMode mode) {
        process.signal(mode.signal);
        if (!process.exitsWithin(PATIENCE)) {
            process.kill();
            throw new IllegalStateException("The server did not stop (" + mode + ") in " + PATIENCE + ":\n" + log());
        }
    }

    /** Starts the server again after a stop, on the same port, and waits until it takes connections. */
    public void restart() {
        if (process.isRunning()) {
            stop(StopMode.FAST);
        }
        launch();
        awaitReady();
    }

    /** Makes the server read its configuration files again. */
    public void reload() {
        process.signal("HUP");
    }

    /**
     * Appends settings to {@code postgresql.conf}; they hold from the next start or {@link #reload()} on.
     *
     * @param settings names to values
     */
    public void configure(Map<String, String> settings) {
        ServerSettings.append(dataDirectory.resolve("postgresql.conf"), settings);
    }

    /**
     * Replaces the lines of {@code pg_hba.conf} and makes the server read them.
     *
     * @param lines the new lines
     */
    public void authenticate(String... lines) {
        try {
            Files.write(dataDirectory.resolve("pg_hba.conf"), List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reload();
    }

    /**
     * Makes an empty folder beside the data directory that the server accepts as a tablespace's location.
     *
     * @param name its name
     * @return the folder
     */
    public Path newTablespaceFolder(String name) {
        try {
            Path folder = Files.createDirectory(dataDirectory.resolveSibling(name));
            ServerAccount.current().adopt(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies this running server's cluster, tablespaces included, and starts the copy as a standby that streams from it.
     *
     * @param standbyDirectory a folder that is absent; tablespaces go beside it
     * @return the standby, taking connections
     */
    public PostgresServer startStandby(Path standbyDirectory) {
        OnlineCopy.of(this, standbyDirectory);
        ServerSettings.append(
                standbyDirectory.resolve("postgresql.auto.conf"),
                Map.of("primary_conninfo", "host=127.0.0.1 user=" + SUPERUSER + " port=" + port()));
        try {
            Files.createFile(standbyDirectory.resolve("standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return launch(version, standbyDirectory).awaitReady();
    }

    /** Ends the server at once. The data directory and the log stay. */
    @Override
    public void close() {
        process.signal(StopMode.IMMEDIATE.signal);
        process.end();
    }

    /** Describes a new cluster. */
    public static final class Builder {
        private final PostgresVersion version;
        private final Path dataDirectory;
        private final List<String> initdbOptions = new ArrayList<>();
        private final Map<String, String> settings = new LinkedHashMap<>();

        private Builder(PostgresVersion version, Path dataDirectory) {
            this.version = version;
            this.dataDirectory = dataDirectory;
            // Small and quick; what survives a killed process doesn't depend on fsync.
            settings.put("fsync", "off");
            settings.put("shared_buffers", "16MB");
            settings.put("log_timezone", "UTC");
            settings.put("timezone", "UTC");
        }

        /**
         * Chooses the WAL segment size, 16 MiB by default.
         *
         * @param mebibytes a power of two
         * @return this
         */
        public Builder walSegmentMebibytes(int mebibytes) {
            return initdb("--wal-segsize=" + mebibytes);
        }

        /**
         * Turns data checksums on; without this they are off, in all versions.
         *
         * @return this
         */
        public Builder dataChecksums() {
            return initdb("--data-checksums");
        }

        /**
         * Adds an option of {@code initdb}.
         *
         * @param option one argument
         * @return this
         */
        public Builder initdb(String option) {
            initdbOptions.add(option);
            return this;
        }

        /**
         * Adds a setting.
         *
         * @param name the setting
         * @param value its value, unquoted
         * @return this
         */
        public Builder setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /**
         * Creates the cluster, starts its server and waits until it takes connections.
         *
         * @return the running server
         */
        public PostgresServer start() {
            List<String> arguments = new ArrayList<>(List.of(
                    "--pgdata=" + dataDirectory,
                    "--username=" + SUPERUSER,
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--no-locale",
                    "--no-sync"));
            if (version.isAtLeast(PostgresVersion.V18) && !initdbOptions.contains("--data-checksums")) {
                arguments.add("--no-data-checksums");
            }
            arguments.addAll(initdbOptions);
            try {
                Files.createDirectories(
                        dataDirectory,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                ServerAccount.current().adopt(dataDirectory);
                ServerProgram.run(ServerProgram.builder(version, "initdb", arguments));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ServerSettings.append(dataDirectory.resolve("postgresql.conf"), settings);
            return launch(version, dataDirectory).awaitReady();
        }
    }
}

package dev.pitr.postgres;

import dev.pitr.postgres.ConfigurationFile.Kind;
import dev.pitr.wal.PostgresVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a backup records of its server besides the files, for a restore to compare with and to fill gaps from.
 *
 * <p>What the role may not read is absent, never an error: paths and preload libraries need a superuser or
 * {@code pg_read_all_settings}, contents of files {@code pg_read_server_files}.
 */
public final class ServerConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConfiguration.class);

    /** No setting that may hold a password or a command line: those stay where they are. */
    private static final List<String> SETTINGS = List.of(
            "archive_mode",
            "archive_timeout",
            "block_size",
            "cluster_name",
            "config_file",
            "data_checksums",
            "data_directory",
            "data_directory_mode",
            "external_pid_file",
            "full_page_writes",
            "hba_file",
            "hot_standby",
            "ident_file",
            "lc_collate",
            "lc_ctype",
            "lc_messages",
            "listen_addresses",
            "local_preload_libraries",
            "log_timezone",
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_wal_senders",
            "max_wal_size",
            "max_worker_processes",
            "port",
            "recovery_target_timeline",
            "segment_size",
            "server_encoding",
            "server_version",
            "server_version_num",
            "session_preload_libraries",
            "shared_buffers",
            "shared_preload_libraries",
            "ssl",
            "synchronous_standby_names",
            "timezone",
            "track_commit_timestamp",
            "unix_socket_directories",
            "wal_block_size",
            "wal_compression",
            "wal_keep_size",
            "wal_level",
            "wal_log_hints",
            "wal_segment_size");

    private static final int MAX_FILE_BYTES = 1 << 20;

    private final boolean inRecovery;
    private final Map<String, String> settings;
    private final List<ConfigurationFile> files;
    private final List<CollationVersion> collationVersions;

    private ServerConfiguration(
            boolean inRecovery,
            Map<String, String> settings,
            List<ConfigurationFile> files,
            List<CollationVersion> collationVersions) {
        this.inRecovery = inRecovery;
        this.settings = settings;
        this.files = List.copyOf(files);
        this.collationVersions = List.copyOf(collationVersions);
    }

    /**
     * Asks a server.
     *
     * @param connection an open connection
     * @return what the role may know
     * @throws ServerException if the connection fails
     */
    public static ServerConfiguration read(ReplicationConnection connection) {
        Map<String, String> settings = readSettings(connection);
        return new ServerConfiguration(
                "t".equals(connection.query("select pg_is_in_recovery()").get(0).get("pg_is_in_recovery")),
                settings,
                readFiles(connection, settings),
                readCollationVersions(connection));
    }

    private static Map<String, String> readSettings(ReplicationConnection connection) {
        String names = SETTINGS.stream().map(SqlText::literal).collect(Collectors.joining(", "));
        Map<String, String> settings = new TreeMap<>();
        // The view leaves out what the role may not see, so that the function isn't asked for it.
        connection
                .query("select name, current_setting(name) as value from pg_settings where name in (" + names + ")")
                .forEach(row -> {
                    String value = row.get("value");
                    if (value != null) {
                        settings.put(Objects.requireNonNull(row.get("name")), value);
                    }
                });
        return Collections.unmodifiableMap(settings);
    }

    private static List<ConfigurationFile> readFiles(ReplicationConnection connection, Map<String, String> settings) {
        String dataDirectory = settings.get("data_directory");
        if (dataDirectory == null) {
            return List.of();
        }
        Map<String, Kind> paths = new LinkedHashMap<>();
        includedFiles(connection).forEach(path -> paths.put(path, Kind.INCLUDED));
        put(paths, settings.get("config_file"), Kind.MAIN);
        put(paths, settings.get("hba_file"), Kind.HOST_BASED_AUTHENTICATION);
        put(paths, settings.get("ident_file"), Kind.IDENT_MAP);
        List<ConfigurationFile> files = new ArrayList<>();
        paths.forEach((path, kind) -> {
            if (!path.startsWith(dataDirectory + "/")) {
                files.add(new ConfigurationFile(kind, path, contents(connection, path)));
            }
        });
        return files;
    }

    private static void put(Map<String, Kind> paths, @Nullable String path, Kind kind) {
        if (path != null) {
            paths.put(path, kind);
        }
    }

    private static List<String> includedFiles(ReplicationConnection connection) {
        return tolerated(
                        connection,
                        "select distinct sourcefile from pg_settings where sourcefile is not null order by 1")
                .stream()
                .map(row -> Objects.requireNonNull(row.get("sourcefile")))
                .toList();
    }

    private static Optional<String> contents(ReplicationConnection connection, String path) {
        String sql = "select encode(pg_read_binary_file(" + SqlText.literal(path) + ", 0, " + (MAX_FILE_BYTES + 1)
                + "), 'hex') as contents";
        return tolerated(connection, sql).stream()
                .map(row -> row.get("contents"))
                .filter(hex -> hex != null && hex.length() <= 2 * MAX_FILE_BYTES)
                .map(hex -> ServerText.decode(HexFormat.of().parseHex(hex)))
                .findFirst();
    }

    private static List<CollationVersion> readCollationVersions(ReplicationConnection connection) {
        List<CollationVersion> versions = new ArrayList<>();
        if (connection.version().isAtLeast(PostgresVersion.V15)) {
            collations(
                    connection,
                    "select 'database ' || datname as scope, datlocprovider as provider, datcollversion as version"
                            + " from pg_database where datcollversion is not null order by 1",
                    versions);
        }
        collations(
                connection,
                "select distinct 'collations' as scope, collprovider as provider, collversion as version"
                        + " from pg_collation where collversion is not null order by 2, 3",
                versions);
        return versions;
    }

    private static void collations(ReplicationConnection connection, String sql, List<CollationVersion> versions) {
        tolerated(connection, sql)
                .forEach(row -> versions.add(new CollationVersion(
                        Objects.requireNonNull(row.get("scope")),
                        provider(Objects.requireNonNull(row.get("provider"))),
                        Objects.requireNonNull(row.get("version")))));
    }

    private static String provider(String letter) {
        return switch (letter) {
            case "c" -> "libc";
            case "i" -> "icu";
            case "b" -> "builtin";
            default -> letter;
        };
    }

    /** What the role may not ask has no rows. A connection that is lost is an error. */
    private static List<Map<String, @Nullable String>> tolerated(ReplicationConnection connection, String sql) {
        try {
            return connection.query(sql);
        } catch (ServerException e) {
            if (!connection.isOpen()) {
                throw e;
            }
            LOG.debug("The server did not answer an optional question: {}", sql, e);
            return List.of();
        }
    }

    /**
     * Tells whether the server is a standby, or recovering.
     *
     * @return true if so
     */
    public boolean isInRecovery() {
        return inRecovery;
    }

    /**
     * Returns settings as {@code SHOW} prints them, for those that the role may see.
     *
     * @return names to values, in order of the names
     */
    public Map<String, String> settings() {
        return settings;
    }

    /**
     * Returns the configuration files outside of the data directory, as on Debian.
     *
     * @return each once; empty also if the role may not see where they are ({@code config_file} is not among
     *     {@link #settings()} then)
     */
    public List<ConfigurationFile> filesOutsideDataDirectory() {
        return files;
    }

    /**
     * Returns the versions of collations.
     *
     * @return databases first
     */
    public List<CollationVersion> collationVersions() {
        return collationVersions;
    }
}

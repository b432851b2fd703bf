package dev.pitr.backup;

import dev.pitr.catalog.BackupBuilder;
import dev.pitr.postgres.CollationVersion;
import dev.pitr.postgres.ConfigurationFile;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.postgres.ServerConfiguration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of itself before a backup.
 *
 * @param startedAt the time by its own clock
 * @param version its full version
 * @param configuration what the role may know of its configuration
 */
record ServerFacts(Instant startedAt, String version, ServerConfiguration configuration) {
    private static final String PRELOAD_LIBRARIES = "shared_preload_libraries";

    /** A name in double quotes, in which two of them stand for one, or anything up to the next comma. */
    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^,\"]+");

    static ServerFacts read(ReplicationConnection connection) {
        return new ServerFacts(
                clock(connection, "clock_timestamp()"),
                connection.serverVersion(),
                ServerConfiguration.read(connection));
    }

    /**
     * Asks for a time that no transaction in the backup is later than, by the clock that recovery targets go by: the
     * server's, or on a standby that of the transactions which it has replayed, if that is ahead.
     */
    static Instant timeAfterBackup(ReplicationConnection connection) {
        return clock(connection, "greatest(clock_timestamp(), pg_last_xact_replay_timestamp())");
    }

    private static Instant clock(ReplicationConnection connection, String expression) {
        String sql =
                "select to_char(" + expression + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') as time";
        Map<String, @Nullable String> row = connection.query(sql).get(0);
        return Instant.parse(Objects.requireNonNull(row.get("time"), "time"));
    }

    void addTo(BackupBuilder builder) {
        builder.serverVersion(version);
        configuration.settings().forEach(builder::setting);
        for (ConfigurationFile file : configuration.filesOutsideDataDirectory()) {
            file.contents().ifPresent(text -> builder.externalConfigFile(file.path(), text));
        }
        collations().forEach(builder::collationVersion);
        names(configuration.settings().getOrDefault(PRELOAD_LIBRARIES, "")).forEach(builder::preloadLibrary);
    }

    /** Versions by what they are the version of; a catalog can hold collations of several. */
    private Map<String, String> collations() {
        Map<String, String> result = new TreeMap<>();
        for (CollationVersion collation : configuration.collationVersions()) {
            String of = collation.scope() + ", " + collation.provider();
            result.merge(of, collation.version(), (one, other) -> one + ", " + other);
        }
        return result;
    }

    /** Splits a list of libraries as the server does ({@code SplitDirectoriesString} in {@code varlena.c}). */
    static List<String> names(String list) {
        return NAME.matcher(list)
                .results()
                .map(found -> found.group(1) == null
                        ? found.group().strip()
                        : found.group(1).replace("\"\"", "\""))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}

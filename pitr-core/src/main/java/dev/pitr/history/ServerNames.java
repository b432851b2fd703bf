package dev.pitr.history;

import dev.pitr.error.PitrException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names that a running server has now: of relations that were not dropped since. Reads {@code pg_class} of every database
 * that the role may connect to, once.
 */
public final class ServerNames {
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql:(?://[^/?]*/)?)([^/?]*)(\\?.*)?");

    private static final String RELATIONS = """
            select c.oid::bigint, coalesce(pg_relation_filenode(c.oid), 0)::bigint, n.nspname, c.relname,
                   coalesce((select tn.nspname || '.' || t.relname from pg_class t
                             join pg_namespace tn on tn.oid = t.relnamespace where t.reltoastrelid = c.oid), ''),
                   c.relisshared,
                   (case when c.reltablespace <> 0 then c.reltablespace else
                       (select dattablespace from pg_database where datname = current_database()) end)::bigint
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            """;

    private ServerNames() {}

    /**
     * Reads the names.
     *
     * @param jdbcUrl the server; the role needs CONNECT on the databases whose relations shall have names
     * @param credentials the driver's properties
     * @return the names as they are now; databases that refuse the role have their own name only
     * @throws PitrException history.names-unreadable if the server can't be asked
     */
    public static RelationNames read(String jdbcUrl, Properties credentials) {
        Matcher url = URL.matcher(jdbcUrl);
        if (!url.matches()) {
            throw new PitrException(
                    "postgres.url", "Cannot read names: expected a URL such as jdbc:postgresql://HOST:PORT/DATABASE.");
        }
        CatalogNames.Builder names = CatalogNames.builder();
        Map<String, Long> databases = databases(jdbcUrl, credentials);
        databases.forEach((name, oid) -> names.database(oid, name));
        for (Map.Entry<String, Long> database : databases.entrySet()) {
            String options = url.group(3) == null ? "" : url.group(3);
            readRelations(names, url.group(1) + encoded(database.getKey()) + options, credentials, database.getValue());
        }
        return names.build();
    }

    private static String encoded(String database) {
        return URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Map<String, Long> databases(String url, Properties credentials) {
        Map<String, Long> result = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(url, credentials);
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery("select datname, oid::bigint from pg_database"
                        + " where datallowconn and has_database_privilege(oid, 'CONNECT')")) {
            while (rows.next()) {
                result.put(rows.getString(1), rows.getLong(2));
            }
            return result;
        } catch (SQLException e) {
            throw new PitrException(
                    "history.names-unreadable",
                    "Cannot read the names of relations: the server answers \"" + e.getMessage()
                            + "\". Check URL and role, or ask without names.",
                    e);
        }
    }

    private static void readRelations(CatalogNames.Builder names, String url, Properties credentials, long database) {
        try (Connection connection = DriverManager.getConnection(url, credentials);
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(RELATIONS)) {
            while (rows.next()) {
                names.add(new CatalogNames.Relation(
                        rows.getBoolean(6) ? 0 : database,
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getLong(7),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5)));
            }
        } catch (SQLException e) {
            // Its rules may keep this role out; what was asked is the names that can be known.
            return;
        }
    }
}

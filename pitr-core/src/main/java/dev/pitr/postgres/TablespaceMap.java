package dev.pitr.postgres;

import dev.pitr.wal.PostgresVersion;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A base backup's {@code tablespace_map}: where the server, when it starts from the backup, links its tablespaces to
 * ({@code read_tablespace_map} in PostgreSQL's {@code access/transam/xlogrecovery.c}). To relocate a tablespace is to
 * rewrite this file.
 *
 * @param locations absolute paths by tablespace OID (an unsigned 32-bit number)
 */
public record TablespaceMap(SortedMap<Long, String> locations) {
    private static final long MAX_OID = 0xFFFF_FFFFL;

    /** Checks and copies the map. */
    public TablespaceMap {
        locations = Collections.unmodifiableSortedMap(new TreeMap<>(locations));
        locations.forEach((oid, path) -> {
            if (oid < 1 || oid > MAX_OID) {
                throw bad("the OID " + oid + " is out of range");
            }
            if (path.isEmpty() || path.indexOf(0) >= 0) {
                throw bad("tablespace " + oid + " has no usable path");
            }
        });
    }

    /**
     * Parses the file.
     *
     * @param bytes the file's contents
     * @param version the version of the server that wrote it: up to 13 a backslash is not escaped
     * @return the map
     * @throws ServerFileException {@code postgres.bad-tablespace-map} if it is malformed
     */
    public static TablespaceMap parse(byte[] bytes, PostgresVersion version) {
        String text = ServerText.decode(bytes);
        SortedMap<Long, String> locations = new TreeMap<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && isEscapable(text.charAt(i + 1), version)) {
                i++;
                line.append(text.charAt(i));
            } else if (c == '\n' || c == '\r') {
                addLine(line, locations);
            } else {
                line.append(c);
            }
        }
        if (!line.isEmpty()) {
            throw bad("its last line is cut short");
        }
        return new TablespaceMap(locations);
    }

    private static boolean isEscapable(char c, PostgresVersion version) {
        return c == '\n' || c == '\r' || (c == '\\' && escapesBackslash(version));
    }

    private static boolean escapesBackslash(PostgresVersion version) {
        return version.isAtLeast(PostgresVersion.V14);
    }

    private static void addLine(StringBuilder line, SortedMap<Long, String> locations) {
        if (line.isEmpty()) {
            return;
        }
        int blank = line.indexOf(" ");
        if (blank < 1) {
            throw bad("a line is not of the form \"OID PATH\"");
        }
        try {
            long oid = Long.parseLong(line.substring(0, blank));
            if (locations.put(oid, line.substring(blank + 1)) != null) {
                throw bad("tablespace " + oid + " stands there twice");
            }
        } catch (NumberFormatException e) {
            throw bad("a line does not begin with an OID");
        }
        line.setLength(0);
    }

    /**
     * Prints the file.
     *
     * @param version the version of the server that will read it
     * @return the file's contents
     * @throws ServerFileException {@code postgres.bad-tablespace-map} if this version can't read one of the paths
     */
    public byte[] toBytes(PostgresVersion version) {
        StringBuilder text = new StringBuilder();
        locations.forEach((oid, path) ->
                text.append(oid).append(' ').append(escape(path, version)).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String escape(String path, PostgresVersion version) {
        boolean ambiguous = path.endsWith("\\") || path.contains("\\\n") || path.contains("\\\r");
        if (ambiguous && !escapesBackslash(version)) {
            throw bad("PostgreSQL " + version + " can't read a path with a backslash before a line end: " + path);
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (isEscapable(c, version)) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static ServerFileException bad(String why) {
        return new ServerFileException(
                "postgres.bad-tablespace-map",
                "Cannot use the tablespace map: " + why + ". Take it from the backup, or choose other locations.");
    }
}

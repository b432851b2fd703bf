package dev.pitr.history;

import dev.pitr.catalog.Backup;
import dev.pitr.error.PitrException;
import dev.pitr.repository.BackupStore;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names that a cluster had when it was backed up: of relations that were dropped since, too. Reads only those frames of
 * the backup that hold {@code pg_class}, {@code pg_namespace} and {@code pg_database}.
 */
public final class BackupNames {
    private static final Pattern MAP = Pattern.compile("(?:global|(?:base|PG_[^/]+)/(\\d+))/pg_filenode\\.map");
    private static final Pattern CATALOG = Pattern.compile("(?:global|(?:base|PG_[^/]+)/(\\d+))/(\\d+)");
    private static final int MAX_BACKUPS = 2;
    private static final long PG_CLASS = 1259;
    private static final long PG_NAMESPACE = 2615;
    private static final long PG_DATABASE = 1262;

    // Columns of pg_class, of which version 18 added one.
    private static final int NAME = 4;
    private static final int NAMESPACE = 68;
    private static final int FILE = 88;
    private static final int TABLESPACE = 92;
    private static final int TOAST = 108;
    private static final int TOAST_18 = 112;
    private static final int CLASS_BYTES = 116;

    private final PostgresVersion version;
    private final BackupMembers members;
    private final CatalogNames.Builder names = CatalogNames.builder();
    private final Map<Long, Long> classFiles = new HashMap<>();
    private final Map<Long, Map<Long, String>> schemas = new HashMap<>();
    private final Map<Long, List<Relation>> relations = new HashMap<>();

    /** A row of pg_class. */
    private record Relation(long oid, String name, long namespace, long file, long tablespace, long toast) {}

    private BackupNames(BackupStore store, Backup backup) {
        version = backup.identity().version();
        members = new BackupMembers(store, backup);
    }

    /**
     * Reads the names.
     *
     * @param store the backups
     * @param backup one of them
     * @return the names that it knows; catalogs that can't be made out have none
     * @throws PitrException history.names-unreadable, or what the storage throws
     */
    public static RelationNames read(BackupStore store, Backup backup) {
        try {
            return new BackupNames(store, backup).read();
        } catch (IOException e) {
            throw new PitrException(
                    "history.names-unreadable",
                    "Cannot read names from backup " + backup.id() + ": " + e + ". Ask without its names.",
                    e);
        }
    }

    /**
     * Returns the names that the newest backups know, read when one is asked for first. A backup whose catalogs can't be
     * read knows none.
     *
     * @param store the backups
     * @param backups in order, the newest last; the two last ones are asked, the newest first
     * @return the names
     */
    public static RelationNames ofNewest(BackupStore store, List<Backup> backups) {
        RelationNames names = RelationNames.NONE;
        for (Backup backup : backups.subList(Math.max(0, backups.size() - MAX_BACKUPS), backups.size())) {
            names = new LazyNames(() -> read(store, backup)).or(names);
        }
        return names;
    }

    private RelationNames read() throws IOException {
        members.read(name -> MAP.matcher(name).matches(), this::readMap);
        members.read(this::isWanted, this::readCatalog);
        relations.forEach(this::addAll);
        return names.build();
    }

    private static long database(Matcher path) {
        return path.matches() && path.group(1) != null ? Long.parseLong(path.group(1)) : 0;
    }

    /** {@code RelMapFile}: its magic, the number of pairs, then pairs of OID and file. */
    private void readMap(String name, InputStream in) throws IOException {
        byte[] map = in.readNBytes(HeapPages.PAGE_BYTES);
        long database = database(MAP.matcher(name));
        for (int at = 8; at + 8 <= map.length && at < 8 + 8 * HeapPages.i32(map, 4); at += 8) {
            if (HeapPages.i32(map, at) == PG_CLASS) {
                classFiles.put(database, Integer.toUnsignedLong(HeapPages.i32(map, at + 4)));
            }
        }
    }

    private boolean isWanted(String name) {
        Matcher path = CATALOG.matcher(name);
        if (!path.matches() || path.group(2).length() > 10) {
            return false;
        }
        long number = Long.parseLong(path.group(2));
        long database = path.group(1) == null ? 0 : Long.parseLong(path.group(1));
        return database == 0
                ? number == PG_DATABASE
                : number == PG_NAMESPACE || number == classFiles.getOrDefault(database, PG_CLASS);
    }

    private void readCatalog(String name, InputStream in) throws IOException {
        long database = database(CATALOG.matcher(name));
        boolean isNamespace = name.endsWith("/" + PG_NAMESPACE);
        for (byte[] page = in.readNBytes(HeapPages.PAGE_BYTES);
                page.length == HeapPages.PAGE_BYTES;
                page = in.readNBytes(HeapPages.PAGE_BYTES)) {
            if (database == 0) {
                HeapPages.read(page, NAME + HeapPages.NAME_BYTES, row -> names.database(row.number(0), row.name(NAME)));
            } else if (isNamespace) {
                Map<Long, String> known = schemas.computeIfAbsent(database, oid -> new HashMap<>());
                HeapPages.read(page, NAME + HeapPages.NAME_BYTES, row -> known.put(row.number(0), row.name(NAME)));
            } else {
                List<Relation> known = relations.computeIfAbsent(database, oid -> new ArrayList<>());
                HeapPages.read(page, CLASS_BYTES, row -> known.add(relation(row)));
            }
        }
    }

    private Relation relation(HeapPages.Row row) {
        return new Relation(
                row.number(0),
                row.name(NAME),
                row.number(NAMESPACE),
                row.number(FILE),
                row.number(TABLESPACE),
                row.number(version.isAtLeast(PostgresVersion.V18) ? TOAST_18 : TOAST));
    }

    private void addAll(long database, List<Relation> all) {
        Map<Long, String> known = schemas.getOrDefault(database, Map.of());
        Map<Long, String> toasted = new HashMap<>();
        for (Relation relation : all) {
            if (relation.toast() != 0) {
                toasted.put(relation.toast(), known.getOrDefault(relation.namespace(), "?") + "." + relation.name());
            }
        }
        for (Relation relation : all) {
            names.add(new CatalogNames.Relation(
                    database,
                    relation.oid(),
                    relation.file(),
                    relation.tablespace(),
                    known.getOrDefault(relation.namespace(), "?"),
                    relation.name(),
                    toasted.getOrDefault(relation.oid(), "")));
        }
    }
}

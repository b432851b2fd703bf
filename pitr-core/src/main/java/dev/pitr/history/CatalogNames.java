package dev.pitr.history;

import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names as catalogs had them at one moment. */
final class CatalogNames implements RelationNames {
    private final Map<Long, String> databases;
    private final Map<RelationId, String> byOid;
    private final Map<FileKey, String> byFile;
    private final Map<String, List<Known>> byName;

    /** A file without its tablespace, which catalogs give in another form. */
    private record FileKey(long database, long number) {}

    private CatalogNames(Builder builder) {
        databases = Map.copyOf(builder.databases);
        byOid = Map.copyOf(builder.byOid);
        byFile = Map.copyOf(builder.byFile);
        byName = Map.copyOf(builder.byName);
    }

    static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<String> relation(RelationFile file) {
        return Optional.ofNullable(byFile.get(new FileKey(file.database(), file.number())));
    }

    @Override
    public Optional<String> relation(RelationId id) {
        return Optional.ofNullable(byOid.get(id));
    }

    @Override
    public Optional<String> database(long oid) {
        return Optional.ofNullable(databases.get(oid));
    }

    @Override
    public List<Known> find(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /**
     * A row of pg_class.
     *
     * @param database the database's OID, 0 for shared relations
     * @param oid the relation's OID
     * @param file its file's number, 0 for none
     * @param tablespace its tablespace's OID, 0 if not known
     * @param schema its schema
     * @param name its name
     * @param toastOf the name of the table whose TOAST table it is, empty for others
     */
    record Relation(long database, long oid, long file, long tablespace, String schema, String name, String toastOf) {
        String text() {
            return toastOf.isEmpty() ? schema + "." + name : "TOAST of " + toastOf;
        }
    }

    static final class Builder {
        private final Map<Long, String> databases = new HashMap<>();
        private final Map<RelationId, String> byOid = new HashMap<>();
        private final Map<FileKey, String> byFile = new HashMap<>();
        private final Map<String, List<Known>> byName = new HashMap<>();

        private Builder() {}

        Builder database(long oid, String name) {
            databases.put(oid, name);
            return this;
        }

        Builder add(Relation relation) {
            RelationId id = new RelationId(relation.database(), relation.oid());
            byOid.put(id, relation.text());
            if (relation.file() != 0) {
                byFile.put(new FileKey(relation.database(), relation.file()), relation.text());
            }
            Known known = new Known(id, new RelationFile(relation.tablespace(), relation.database(), relation.file()));
            byName.computeIfAbsent(relation.name(), name -> new ArrayList<>()).add(known);
            byName.computeIfAbsent(relation.schema() + "." + relation.name(), name -> new ArrayList<>())
                    .add(known);
            return this;
        }

        CatalogNames build() {
            return new CatalogNames(this);
        }
    }
}

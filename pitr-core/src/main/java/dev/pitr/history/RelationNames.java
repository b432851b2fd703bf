package dev.pitr.history;

import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import java.util.List;
import java.util.Optional;

/**
 * Names for the numbers that the WAL has: from a running server, or from a backup's catalogs. A name says what the number
 * belonged to where the names were read; before or after, another relation may have had it. Thread-safe.
 */
public interface RelationNames {
    /** Knows no name. */
    RelationNames NONE = new RelationNames() {
        @Override
        public Optional<String> relation(RelationFile file) {
            return Optional.empty();
        }

        @Override
        public Optional<String> relation(RelationId id) {
            return Optional.empty();
        }

        @Override
        public Optional<String> database(long oid) {
            return Optional.empty();
        }

        @Override
        public List<Known> find(String name) {
            return List.of();
        }
    };

    /**
     * A relation that has a name.
     *
     * @param id its OID and its database's
     * @param file its file
     */
    record Known(RelationId id, RelationFile file) {}

    /**
     * Returns the name of the relation that has a file.
     *
     * @param file the file
     * @return such as {@code public.orders}, empty if not known
     */
    Optional<String> relation(RelationFile file);

    /**
     * Returns the name of a relation.
     *
     * @param id its OID
     * @return such as {@code public.orders}, empty if not known
     */
    Optional<String> relation(RelationId id);

    /**
     * Returns a database's name.
     *
     * @param oid its OID
     * @return the name, empty if not known
     */
    Optional<String> database(long oid);

    /**
     * Returns the relations that have a name, in any database.
     *
     * @param name with or without its schema
     * @return none if not known
     */
    List<Known> find(String name);

    /**
     * Returns names that are looked up here first, then elsewhere.
     *
     * @param others asked for what these don't know
     * @return both together
     */
    default RelationNames or(RelationNames others) {
        return new JoinedNames(this, others);
    }
}

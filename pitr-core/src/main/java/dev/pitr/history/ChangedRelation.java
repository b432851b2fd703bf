package dev.pitr.history;

import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RowCounts;
import java.util.Optional;

/**
 * The rows that a transaction changed in one relation.
 *
 * @param file the relation's file, as the WAL names it
 * @param name its name, if the query's {@link RelationNames} know it
 * @param rows how many rows
 */
public record ChangedRelation(RelationFile file, Optional<String> name, RowCounts rows) {
    @Override
    public String toString() {
        return name.orElseGet(file::toString);
    }
}

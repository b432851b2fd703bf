package dev.pitr.history;

import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A relation whose files a transaction removed or replaced: by its OID or by its file, since a commit record lists both
 * without saying which belong together.
 *
 * @param oid the relation, if its OID is known: from PostgreSQL 15 on, of relations that were dropped for good
 * @param file the removed file, if this is about one
 * @param name its name, if the query's {@link RelationNames} know it
 */
public record DroppedRelation(Optional<RelationId> oid, Optional<RelationFile> file, Optional<String> name) {
    static DroppedRelation of(@Nullable RelationId oid, @Nullable RelationFile file, Optional<String> name) {
        return new DroppedRelation(Optional.ofNullable(oid), Optional.ofNullable(file), name);
    }

    @Override
    public String toString() {
        return name.orElseGet(() -> oid.map(id -> "OID " + id.oid())
                .orElseGet(() -> file.map(RelationFile::toString).orElse("unknown")));
    }
}

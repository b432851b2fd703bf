package dev.pitr.history;

import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Names from two places. */
record JoinedNames(RelationNames first, RelationNames second) implements RelationNames {
    @Override
    public Optional<String> relation(RelationFile file) {
        return first.relation(file).or(() -> second.relation(file));
    }

    @Override
    public Optional<String> relation(RelationId id) {
        return first.relation(id).or(() -> second.relation(id));
    }

    @Override
    public Optional<String> database(long oid) {
        return first.database(oid).or(() -> second.database(oid));
    }

    @Override
    public List<Known> find(String name) {
        return Stream.concat(first.find(name).stream(), second.find(name).stream())
                .distinct()
                .toList();
    }
}

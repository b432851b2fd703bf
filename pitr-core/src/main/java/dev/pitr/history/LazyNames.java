package dev.pitr.history;

import dev.pitr.error.PitrException;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Names that are read when one is asked for first; none if that fails, since a name is no more than a label. */
final class LazyNames implements RelationNames {
    private final Supplier<RelationNames> source;
    private @Nullable RelationNames names;

    LazyNames(Supplier<RelationNames> source) {
        this.source = source;
    }

    private synchronized RelationNames names() {
        if (names == null) {
            try {
                names = source.get();
            } catch (PitrException e) {
                names = NONE;
            }
        }
        return names;
    }

    @Override
    public Optional<String> relation(RelationFile file) {
        return names().relation(file);
    }

    @Override
    public Optional<String> relation(RelationId id) {
        return names().relation(id);
    }

    @Override
    public Optional<String> database(long oid) {
        return names().database(oid);
    }

    @Override
    public List<Known> find(String name) {
        return names().find(name);
    }
}

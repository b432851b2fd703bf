package dev.pitr.history;

import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import dev.pitr.wal.record.StopRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The relations asked for: by a number that may be an OID or a file's, or by what a name stands for. */
final class RelationFilter {
    /** Any relation. */
    static final RelationFilter ANY = new RelationFilter(Set.of(), Set.of(), Set.of());

    private final Set<Long> numbers;
    private final Set<RelationId> ids;
    private final Set<RelationFile> files;

    private RelationFilter(Set<Long> numbers, Set<RelationId> ids, Set<RelationFile> files) {
        this.numbers = numbers;
        this.ids = ids;
        this.files = files;
    }

    static RelationFilter number(long number) {
        return new RelationFilter(Set.of(number), Set.of(), Set.of());
    }

    static RelationFilter known(List<RelationNames.Known> relations) {
        Set<RelationId> ids = new HashSet<>();
        Set<RelationFile> files = new HashSet<>();
        for (RelationNames.Known relation : relations) {
            ids.add(relation.id());
            files.add(relation.file());
        }
        return new RelationFilter(Set.of(), ids, files);
    }

    boolean isAny() {
        return numbers.isEmpty() && ids.isEmpty() && files.isEmpty();
    }

    boolean accepts(StopRecord stop, TransactionTally tally) {
        return isAny()
                || tally.rows().keySet().stream().anyMatch(this::is)
                || stop.droppedFiles().stream().anyMatch(this::is)
                || tally.lockedRelations().stream().anyMatch(this::is)
                || tally.truncatedTables().stream().anyMatch(this::is)
                || stop.droppedItems().stream().anyMatch(item -> is(new RelationId(item.database(), item.object())));
    }

    private boolean is(RelationFile file) {
        return numbers.contains(file.number())
                || files.stream()
                        .anyMatch(known -> known.number() == file.number() && known.database() == file.database());
    }

    private boolean is(RelationId id) {
        return numbers.contains(id.oid()) || ids.contains(id);
    }
}

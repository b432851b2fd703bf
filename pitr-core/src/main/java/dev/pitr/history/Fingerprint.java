package dev.pitr.history;

import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.record.DroppedItem;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.StopRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells by its traces what a committed transaction did that removed relation files. At {@code wal_level = replica} a drop,
 * a truncate and a rewrite look alike in the commit record but for what they did to pg_class:
 *
 * <ul>
 *   <li>a drop deletes rows there, and adds none;
 *   <li>{@code TRUNCATE} updates rows only, and creates a file for a table into which nothing is copied;
 *   <li>a rewrite adds a transient table and deletes it again, and updates rows;
 *   <li>what gives an index new files only updates rows, and writes whole pages into each new file.
 * </ul>
 *
 * <p>From version 15 on the commit record names the OIDs that are gone; an OID that is also a file created by the
 * transaction is a transient one's.
 */
final class Fingerprint {
    private final StopRecord stop;
    private final TransactionTally tally;
    private final boolean isWhole;
    private final RowCounts classes;

    private final EnumSet<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
    private final List<String> doubts = new ArrayList<>();
    private Set<RelationId> dropped = Set.of();

    private Fingerprint(Ended ended, boolean isWhole) {
        stop = ended.stop();
        tally = ended.tally();
        this.isWhole = isWhole;
        classes = tally.classes();
    }

    /**
     * Reads a transaction's traces.
     *
     * @param ended the transaction
     * @param isWhole whether all that it did has been read
     */
    static Fingerprint of(Ended ended, boolean isWhole, PostgresVersion version) {
        Fingerprint result = new Fingerprint(ended, isWhole);
        result.read(version);
        return result;
    }

    /** Whether what was read settles it: nothing but deletes from pg_class, one for each relation that is gone. */
    static boolean isPlainDrop(Ended ended, PostgresVersion version) {
        RowCounts classes = ended.tally().classes();
        long gone = version.isAtLeast(PostgresVersion.V15)
                ? relations(ended.stop()).size()
                : ended.stop().droppedFiles().size();
        return gone > 0 && classes.inserted() == 0 && classes.updated() == 0 && classes.deleted() >= gone;
    }

    private void read(PostgresVersion version) {
        if (stop.kind().isCommit() && !stop.droppedFiles().isEmpty()) {
            if (version.isAtLeast(PostgresVersion.V15)) {
                readItems();
            } else {
                readCounts();
            }
            if (!isWhole && !(kinds.size() == 1 && isDropOnly())) {
                doubts.add("it began before what was read, so that its kind is a guess");
            }
        }
        if (!tally.truncatedTables().isEmpty()) {
            kinds.add(ChangeKind.TRUNCATE);
        }
        if (tally.databaseDrop() != null) {
            kinds.add(ChangeKind.DATABASE_DROP);
        }
        if (kinds.isEmpty()) {
            kinds.add(tally.rows().isEmpty() ? ChangeKind.OTHER : ChangeKind.ROWS);
        }
    }

    private boolean isDropOnly() {
        return (kinds.contains(ChangeKind.DROP) || kinds.contains(ChangeKind.INDEX_DROP))
                && classes.inserted() == 0
                && classes.updated() == 0;
    }

    private static Set<RelationId> relations(StopRecord stop) {
        return stop.droppedItems().stream()
                .filter(item -> item.kind() == DroppedItem.RELATION)
                .map(item -> new RelationId(item.database(), item.object()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Version 15 and later: by the OIDs. */
    private void readItems() {
        Set<RelationId> gone = relations(stop);
        Set<RelationId> lasting = new LinkedHashSet<>(gone);
        Set<Long> created =
                tally.createdFiles().stream().map(RelationFile::number).collect(Collectors.toSet());
        lasting.removeIf(relation -> created.contains(relation.oid()));
        boolean hasTransient = lasting.size() < gone.size();
        if (gone.isEmpty()) {
            replaced();
        } else if (!hasTransient) {
            drop(lasting);
            if (stop.droppedFiles().size() > gone.size()) {
                replaced();
            }
        } else {
            kinds.add(ChangeKind.REWRITE);
            if (!lasting.isEmpty() && classes.deleted() > classes.inserted()) {
                drop(lasting);
                doubts.add("it both dropped and rewrote relations: the numbers don't tell which OIDs are TOAST tables"
                        + " that a rewrite replaced");
            }
        }
    }

    /** Versions 13 and 14: by counts alone. */
    private void readCounts() {
        if (classes.total() == 0) {
            readWithoutCatalog();
        } else if (classes.deleted() == 0) {
            replaced();
        } else if (classes.inserted() == 0) {
            drop(Set.of());
            if (stop.droppedFiles().size() > classes.deleted()) {
                replaced();
            }
        } else {
            kinds.add(ChangeKind.REWRITE);
            if (classes.deleted() > classes.inserted()) {
                kinds.add(ChangeKind.DROP);
            }
            if (classes.deleted() != classes.inserted()) {
                doubts.add("it both created and dropped relations: a drop and a rewrite look alike in this version");
            }
        }
    }

    /** pg_class itself was written anew, so that its rows aren't known; but what isn't a drop creates files. */
    private void readWithoutCatalog() {
        if (tally.createdFiles().isEmpty()) {
            drop(Set.of());
        } else {
            replaced();
            doubts.add("pg_class has a file of its own: without it, drops and rewrites beside new files don't show");
        }
    }

    private void drop(Set<RelationId> relations) {
        dropped = relations;
        boolean onlyIndexes = tally.droppedIndexes() > 0 && tally.droppedIndexes() == classes.deleted();
        kinds.add(onlyIndexes ? ChangeKind.INDEX_DROP : ChangeKind.DROP);
    }

    /** Files went, and their relations stay. */
    private void replaced() {
        boolean hasEmptied = tally.hasEmptyFile();
        kinds.add(hasEmptied ? ChangeKind.TRUNCATE : ChangeKind.REBUILD);
        if (hasEmptied && classes.inserted() > 0) {
            doubts.add("it also created relations: a new table looks like one that was emptied");
        }
        if (tally.createdFiles().isEmpty()) {
            doubts.add("no new file was seen");
        }
    }

    Set<ChangeKind> kinds() {
        return kinds;
    }

    List<String> doubts() {
        return doubts;
    }

    /** Relations that are gone for good, as far as OIDs tell. */
    Set<RelationId> dropped() {
        return dropped;
    }
}

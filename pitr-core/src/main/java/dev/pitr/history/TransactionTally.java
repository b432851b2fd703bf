package dev.pitr.history;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RelationId;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.RowOperation;
import dev.pitr.wal.record.WalRecord;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the records of one transaction, or subtransaction, say in the WAL that was read: rows by relation, and the traces
 * of drops, truncates and rewrites. Bounded; most transactions touch few relations.
 */
final class TransactionTally {
    private static final int MAX_RELATIONS = 10_000;

    /** Mapped catalogs keep these numbers unless {@code VACUUM FULL} gave them new files. */
    private static final long PG_CLASS = 1259;

    private static final long PG_INDEX = 2610;

    private final Map<RelationFile, Rows> rows = new LinkedHashMap<>(4);
    private @Nullable Rows lastRows;
    private @Nullable Set<RelationFile> createdFiles;
    private final Set<RelationFile> writtenFiles = new HashSet<>(2);
    private @Nullable RelationFile lastWritten;
    private final Set<RelationId> lockedRelations = new LinkedHashSet<>(2);
    private @Nullable Set<RelationId> truncatedTables;
    private @Nullable DatabaseDrop databaseDrop;
    private long database;
    private boolean isCut;

    /** Rows of one relation. */
    private static final class Rows {
        private final RelationFile file;
        private long inserted;
        private long updated;
        private long deleted;

        Rows(RelationFile file) {
            this.file = file;
        }

        boolean isOf(WalRecord record) {
            return file.number() == record.blockFileNumber(0)
                    && file.database() == record.blockDatabase(0)
                    && file.tablespace() == record.blockTablespace(0);
        }

        RowCounts counts() {
            return new RowCounts(inserted, updated, deleted);
        }
    }

    /** Adds a record of Heap or Heap2 that changes rows. */
    void addRows(WalRecord record, RowOperation operation) {
        Rows changed = rowsOf(record);
        if (changed == null) {
            return;
        }
        int count = record.rows();
        switch (operation) {
            case INSERT -> changed.inserted += count;
            case UNDO_INSERT -> changed.inserted -= count;
            case UPDATE -> changed.updated += count;
            case DELETE, MOVE -> changed.deleted += count;
            case NONE -> {}
        }
        noteDatabase(changed.file);
    }

    private @Nullable Rows rowsOf(WalRecord record) {
        if (lastRows == null || !lastRows.isOf(record)) {
            lastRows = rowsOf(record.blockFile(0));
        }
        return lastRows;
    }

    private @Nullable Rows rowsOf(RelationFile file) {
        Rows known = rows.get(file);
        if (known == null) {
            if (rows.size() >= MAX_RELATIONS) {
                isCut = true;
                return null;
            }
            known = new Rows(file);
            rows.put(file, known);
        }
        return known;
    }

    private void noteDatabase(RelationFile file) {
        database = file.database() == 0 ? database : file.database();
    }

    /** A relation got a new file. */
    void addCreated(RelationFile file) {
        if (createdFiles == null) {
            createdFiles = new HashSet<>();
        }
        if (createdFiles.size() < MAX_RELATIONS) {
            createdFiles.add(file);
        } else {
            isCut = true;
        }
        noteDatabase(file);
    }

    /** A page was written other than by rows: its relation is no table that starts empty. */
    void addWritten(WalRecord record) {
        for (int i = 0; i < record.blockCount(); i++) {
            boolean isLast = lastWritten != null
                    && lastWritten.number() == record.blockFileNumber(i)
                    && lastWritten.database() == record.blockDatabase(i);
            if (record.blockFork(i) == 0 && !isLast && writtenFiles.size() < MAX_RELATIONS) {
                lastWritten = record.blockFile(i);
                writtenFiles.add(lastWritten);
            }
        }
    }

    void addLock(RelationId relation) {
        if (lockedRelations.size() < MAX_RELATIONS) {
            lockedRelations.add(relation);
        }
    }

    void addTruncated(RelationId table) {
        truncatedTables = truncatedTables == null ? new LinkedHashSet<>() : truncatedTables;
        truncatedTables.add(table);
    }

    /** The row of pg_database goes. */
    void addDatabaseRow(DatabaseDrop.Row row, Lsn at, @Nullable Lsn markedAt) {
        databaseDrop = new DatabaseDrop(0, row, at, markedAt);
    }

    void addDatabaseFiles(long droppedDatabase, Lsn at) {
        databaseDrop = databaseDrop == null
                ? new DatabaseDrop(droppedDatabase, null, at, null)
                : databaseDrop.of(droppedDatabase);
    }

    /** Adds what another tally says: of a subtransaction, or of the WAL before. */
    void add(TransactionTally other) {
        other.rows.forEach((file, more) -> {
            Rows mine = rowsOf(file);
            if (mine != null) {
                mine.inserted += more.inserted;
                mine.updated += more.updated;
                mine.deleted += more.deleted;
            }
        });
        if (other.createdFiles != null) {
            other.createdFiles.forEach(this::addCreated);
        }
        writtenFiles.addAll(other.writtenFiles);
        other.lockedRelations.forEach(this::addLock);
        if (other.truncatedTables != null) {
            other.truncatedTables.forEach(this::addTruncated);
        }
        if (other.databaseDrop != null) {
            databaseDrop = databaseDrop == null ? other.databaseDrop : databaseDrop.withOlder(other.databaseDrop);
        }
        database = database == 0 ? other.database : database;
        isCut |= other.isCut;
    }

    void addDatabaseMark(Lsn at) {
        databaseDrop = databaseDrop == null ? null : databaseDrop.markedAt(at);
    }

    /** Rows of users' relations, in the order of their first change. */
    Map<RelationFile, RowCounts> rows() {
        Map<RelationFile, RowCounts> result = new LinkedHashMap<>();
        rows.forEach((file, changed) -> {
            if (!file.isCatalog()) {
                result.put(file, changed.counts());
            }
        });
        return result;
    }

    /** What happened to pg_class: relations created, altered, dropped. */
    RowCounts classes() {
        return catalog(PG_CLASS);
    }

    long droppedIndexes() {
        return catalog(PG_INDEX).deleted();
    }

    private RowCounts catalog(long number) {
        RowCounts sum = RowCounts.NONE;
        for (Rows changed : rows.values()) {
            if (changed.file.number() == number) {
                sum = sum.plus(changed.counts());
            }
        }
        return sum;
    }

    Set<RelationFile> createdFiles() {
        return createdFiles == null ? Set.of() : createdFiles;
    }

    /** Whether a new file belongs to a table that starts empty: nothing but rows was written into it, if anything. */
    boolean hasEmptyFile() {
        return createdFiles().stream().anyMatch(file -> !writtenFiles.contains(file));
    }

    Set<RelationId> lockedRelations() {
        return lockedRelations;
    }

    /** Told by name, at wal_level = logical. */
    Set<RelationId> truncatedTables() {
        return truncatedTables == null ? Set.of() : truncatedTables;
    }

    @Nullable
    DatabaseDrop databaseDrop() {
        return databaseDrop;
    }

    /** The database where it changed something, 0 if that isn't known. */
    long database() {
        return database;
    }

    boolean isCut() {
        return isCut;
    }
}

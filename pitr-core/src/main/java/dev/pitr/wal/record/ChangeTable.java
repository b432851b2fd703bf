package dev.pitr.wal.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Counts changed rows by transaction and relation in a table of fixed size. When it is full, the small counts go: so a mass
 * change is found among any number of small transactions, and memory and time stay bounded.
 */
final class ChangeTable {
    private static final int SLOTS = 4096;
    private static final int MASK = SLOTS - 1;
    private static final int FULL = SLOTS * 3 / 4;
    private static final int KEPT_WHEN_FULL = 64;

    // Four numbers to a key and three counts to a value; a slot without counts is free.
    private final int[] keys = new int[SLOTS * 4];
    private final long[] rows = new long[SLOTS * 3];
    private int used;
    private int lastSlot;
    private boolean isCut;

    /** Adds rows of the relation of the record's first block. */
    void add(WalRecord record, RowOperation operation, long count) {
        if (record.blockTablespace(0) == 0) {
            return;
        }
        int slot = slot((int) record.xid(), (int) record.blockTablespace(0), (int) record.blockDatabase(0), (int)
                record.blockFileNumber(0));
        switch (operation) {
            case INSERT -> rows[slot * 3] += count;
            case UNDO_INSERT -> rows[slot * 3] -= count;
            case UPDATE -> rows[slot * 3 + 1] += count;
            case DELETE, MOVE -> rows[slot * 3 + 2] += count;
            case NONE -> {}
        }
    }

    private int slot(int xid, int tablespace, int database, int number) {
        if (isKey(lastSlot, xid, tablespace, database, number)) {
            return lastSlot;
        }
        int slot = find(xid, tablespace, database, number);
        if (!isUsed(slot)) {
            if (used == FULL) {
                dropSmall();
                slot = find(xid, tablespace, database, number);
            }
            keys[slot * 4] = xid;
            keys[slot * 4 + 1] = tablespace;
            keys[slot * 4 + 2] = database;
            keys[slot * 4 + 3] = number;
            used++;
        }
        lastSlot = slot;
        return slot;
    }

    private int find(int xid, int tablespace, int database, int number) {
        int hash = (xid * 31 + number) * 0x9E37_79B9;
        int slot = hash >>> 20 & MASK;
        while (isUsed(slot) && !isKey(slot, xid, tablespace, database, number)) {
            slot = slot + 1 & MASK;
        }
        return slot;
    }

    /** A slot without a tablespace is free: every relation has one. */
    private boolean isUsed(int slot) {
        return keys[slot * 4 + 1] != 0;
    }

    private boolean isKey(int slot, int xid, int tablespace, int database, int number) {
        int at = slot * 4;
        return keys[at] == xid
                && keys[at + 3] == number
                && keys[at + 1] == tablespace
                && keys[at + 2] == database
                && tablespace != 0;
    }

    private void dropSmall() {
        long least = 2;
        while (count(least) > KEPT_WHEN_FULL) {
            least *= 2;
        }
        List<RelationChanges> greatest = greatest(KEPT_WHEN_FULL, least);
        Arrays.fill(keys, 0);
        Arrays.fill(rows, 0);
        used = 0;
        isCut = true;
        greatest.forEach(this::add);
    }

    private void add(RelationChanges changes) {
        RelationFile relation = changes.relation();
        int slot = slot(
                (int) changes.xid(), (int) relation.tablespace(), (int) relation.database(), (int) relation.number());
        rows[slot * 3] += changes.rows().inserted();
        rows[slot * 3 + 1] += changes.rows().updated();
        rows[slot * 3 + 2] += changes.rows().deleted();
    }

    /** The greatest counts, greatest first, without those of fewer rows than asked for. */
    List<RelationChanges> greatest(int max, long minRows) {
        List<RelationChanges> all = new ArrayList<>();
        for (int slot = 0; slot < SLOTS; slot++) {
            if (isUsed(slot) && rows(slot) >= minRows) {
                all.add(changes(slot));
            }
        }
        all.sort(ORDER);
        return all.size() <= max ? all : List.copyOf(all.subList(0, max));
    }

    /** How many transactions and relations have so many rows. */
    int count(long minRows) {
        int count = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            count += isUsed(slot) && rows(slot) >= minRows ? 1 : 0;
        }
        return count;
    }

    private long rows(int slot) {
        return rows[slot * 3] + rows[slot * 3 + 1] + rows[slot * 3 + 2];
    }

    /** Whether small counts went, so that some are too low. */
    boolean isCut() {
        return isCut;
    }

    /** By number of rows; then by key, so that the same segment always has the same summary. */
    static final Comparator<RelationChanges> ORDER = Comparator.comparingLong(
                    (RelationChanges changes) -> -changes.rows().total())
            .thenComparingLong(RelationChanges::xid)
            .thenComparingLong(changes -> changes.relation().number())
            .thenComparingLong(changes -> changes.relation().database())
            .thenComparingLong(changes -> changes.relation().tablespace());

    private RelationChanges changes(int slot) {
        int key = slot * 4;
        int value = slot * 3;
        return new RelationChanges(
                Integer.toUnsignedLong(keys[key]),
                new RelationFile(
                        Integer.toUnsignedLong(keys[key + 1]),
                        Integer.toUnsignedLong(keys[key + 2]),
                        Integer.toUnsignedLong(keys[key + 3])),
                new RowCounts(rows[value], rows[value + 1], rows[value + 2]));
    }
}

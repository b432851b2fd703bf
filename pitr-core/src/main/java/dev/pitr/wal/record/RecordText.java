package dev.pitr.wal.record;

import java.util.Collection;
import java.util.StringJoiner;

/** Says in a line what a record did. */
final class RecordText {
    private static final int MAX_ITEMS = 16;
    private static final String[] FORKS = {"", " fsm", " vm", " init"};

    private RecordText() {}

    static String describe(WalRecord record) {
        try {
            return record.event().map(event -> event.accept(new EventText())).orElseGet(() -> changes(record));
        } catch (WalRecordException e) {
            return "can't be read: " + e.getMessage();
        }
    }

    private static String changes(WalRecord record) {
        StringJoiner text = new StringJoiner(", ");
        RowOperation operation = record.rowOperation();
        if (operation != RowOperation.NONE && record.rows() != 1) {
            text.add(record.rows() + " rows");
        }
        for (int i = 0; i < record.blockCount(); i++) {
            int fork = record.blockFork(i);
            text.add(record.blockFile(i) + (fork < FORKS.length ? FORKS[fork] : " fork " + fork) + " block "
                    + record.blockNumber(i) + (record.blockImageLength(i) > 0 ? " (page image)" : ""));
        }
        return text.toString();
    }

    /** Lists the first items of many. */
    static String list(String title, Collection<?> items) {
        StringJoiner text = new StringJoiner(" ", title + " ", "");
        items.stream().limit(MAX_ITEMS).forEach(item -> text.add(String.valueOf(item)));
        return text + (items.size() > MAX_ITEMS ? " and " + (items.size() - MAX_ITEMS) + " more" : "");
    }
}

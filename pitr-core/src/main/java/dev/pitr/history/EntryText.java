package dev.pitr.history;

import dev.pitr.wal.record.RowCounts;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** An entry for people: what and when, then a line for each thing known. */
final class EntryText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.SSSSSS'+00'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_NAMES = 12;

    private final HistoryEntry entry;
    private final List<String> lines = new ArrayList<>();

    EntryText(HistoryEntry entry) {
        this.entry = entry;
    }

    String print() {
        lines.add(time(entry.time()) + "  " + title());
        where();
        if (!entry.dropped().isEmpty()) {
            field("dropped", list(entry.dropped()));
        }
        if (!entry.changes().isEmpty()) {
            String changes = entry.changes().stream()
                    .limit(MAX_NAMES)
                    .map(change -> change + " " + rows(change.rows()))
                    .collect(Collectors.joining("; "));
            field(
                    "rows",
                    (entry.isComplete() ? "" : "at least ")
                            + changes
                            + more(entry.changes().size()));
        }
        entry.doubts().forEach(doubt -> field("unsure", doubt));
        field("before it", entry.before().target().describe());
        field("", entry.before().reason());
        return String.join("\n", lines);
    }

    private String title() {
        String kinds = entry.kinds().stream().map(ChangeKind::words).collect(Collectors.joining(" and "));
        boolean isAborted = entry.outcome()
                .filter(outcome -> outcome == TransactionOutcome.ABORTED)
                .isPresent();
        return kinds
                + (entry.name().isEmpty() ? "" : " \"" + entry.name() + "\"")
                + (isAborted ? " (rolled back)" : "");
    }

    private void where() {
        List<String> words = new ArrayList<>();
        entry.xid().ifPresent(xid -> words.add("transaction " + xid + (entry.isPrepared() ? " (prepared)" : "")));
        entry.database()
                .ifPresent(oid -> words.add("database " + entry.databaseName().orElse("") + " (OID " + oid + ")"));
        words.add("timeline " + entry.timeline());
        words.add("lsn " + entry.start());
        field("is", String.join(", ", words).replace("database  (", "database ("));
    }

    private void field(String label, String value) {
        lines.add(String.format(Locale.ROOT, "    %-10s%s", label, value));
    }

    private static String list(List<?> things) {
        return things.stream().limit(MAX_NAMES).map(Object::toString).collect(Collectors.joining(", "))
                + more(things.size());
    }

    private static String more(int size) {
        return size > MAX_NAMES ? " and " + (size - MAX_NAMES) + " more" : "";
    }

    static String rows(RowCounts rows) {
        List<String> parts = new ArrayList<>();
        if (rows.inserted() != 0) {
            parts.add(rows.inserted() + " inserted");
        }
        if (rows.updated() != 0) {
            parts.add(rows.updated() + " updated");
        }
        if (rows.deleted() != 0) {
            parts.add(rows.deleted() + " deleted");
        }
        return String.join(", ", parts);
    }

    private static String time(Instant time) {
        return TIME.format(time);
    }
}

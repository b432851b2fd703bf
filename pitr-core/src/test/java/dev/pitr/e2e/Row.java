package dev.pitr.e2e;

import java.util.Comparator;

/** A version of a row of the workload: its revision grows with each update, and its payload follows from both numbers. */
record Row(String table, long id, int revision) implements Comparable<Row> {
    private static final Comparator<Row> ORDER =
            Comparator.comparing(Row::table).thenComparingLong(Row::id).thenComparingInt(Row::revision);

    /** SQL for the payload of the row with these columns. */
    static final String PAYLOAD = "repeat(md5(id || ':' || revision), 1 + (id % 8)::int)";

    Row updated() {
        return new Row(table, id, revision + 1);
    }

    @Override
    public int compareTo(Row other) {
        return ORDER.compare(this, other);
    }
}

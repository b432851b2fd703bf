package dev.pitr.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.e2e.CommitOrder.Commit;
import dev.pitr.e2e.Writer.Aborted;
import dev.pitr.e2e.Writer.Committed;
import dev.pitr.wal.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the workload did, and from that what a server restored to a target must hold, row by row.
 *
 * <p>The witnesses are the writers' logs (which rows a transaction added and removed) and the original server's logical
 * decoding (where each commit record lies and the time in it). They are compared at the start: the same transactions, each
 * commit record between the positions that its writer had read before and after. A restored server has replayed a prefix
 * of the WAL, so its rows follow from the number of commit records in that prefix:
 *
 * <ul>
 *   <li><b>xid</b>: the prefix ends behind that transaction's commit record, or before it.
 *   <li><b>lsn</b>: inclusive ends behind the first record that starts at or behind the position, exclusive before it. The
 *       targets are starts of commit records, so that this record is known.
 *   <li><b>time</b>: the prefix ends before the first commit or abort record whose time is later than (exclusive: not
 *       earlier than) the target. In the order of records, times can go back. Commit records are known exactly; aborts are
 *       not decoded, so a time is a target only if no abort can have stopped recovery before the last expected commit:
 *       each abort was over by that time, or its record lies behind that commit.
 *   <li><b>name</b>: the prefix ends at the position that {@code pg_create_restore_point} returned.
 *   <li><b>immediate</b>: the prefix ends where the server says that its backup ended.
 *   <li><b>latest</b>: the prefix ends with the last archived segment. A commit record that crosses its end is not in it.
 * </ul>
 */
final class History {
    private final List<Commit> commits;
    private final Map<Long, Committed> byXid = new TreeMap<>();
    private final List<Aborted> aborts = new ArrayList<>();
    private final Map<String, Lsn> restorePoints;

    History(List<Commit> commits, List<Writer> writers, Map<String, Lsn> restorePoints) {
        this.commits = List.copyOf(commits);
        this.restorePoints = Map.copyOf(restorePoints);
        for (Writer writer : writers) {
            writer.committed().forEach(transaction -> byXid.put(transaction.xid(), transaction));
            aborts.addAll(writer.aborted());
        }
        compareWitnesses();
    }

    private void compareWitnesses() {
        assertThat(commits).extracting(Commit::xid).containsExactlyInAnyOrderElementsOf(byXid.keySet());
        for (Commit commit : commits) {
            Committed log = byXid.get(commit.xid());
            assertThat(commit.start()).isGreaterThanOrEqualTo(log.notBefore());
            assertThat(commit.end()).isLessThanOrEqualTo(log.notAfter());
        }
    }

    List<Commit> commits() {
        return commits;
    }

    int abortCount() {
        return aborts.size();
    }

    /** The first commit whose record starts at or behind a position and whose time is an exact target, both ways. */
    Commit timeTargetBehind(Lsn position) {
        return commits.stream()
                .filter(commit -> !commit.start().isBefore(position))
                .filter(commit -> isExact(commit.time(), true) && isExact(commit.time(), false))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No unambiguous time behind " + position));
    }

    /** The first commit whose record starts at or behind a position. */
    Commit commitBehind(Lsn position) {
        return commits.stream()
                .filter(commit -> !commit.start().isBefore(position))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No commit behind " + position));
    }

    private boolean isExact(Instant target, boolean inclusive) {
        int count = countUntil(commit -> isLater(commit.time(), target, inclusive));
        Lsn last = count == 0 ? Lsn.ZERO : commits.get(count - 1).end();
        return aborts.stream()
                .allMatch(abort -> !isLater(abort.notLater(), target, inclusive)
                        || !abort.notBefore().isBefore(last));
    }

    private static boolean isLater(Instant time, Instant target, boolean inclusive) {
        return inclusive ? time.isAfter(target) : !time.isBefore(target);
    }

    SortedSet<Row> throughTime(Instant target) {
        return rows(countUntil(commit -> isLater(commit.time(), target, true)));
    }

    SortedSet<Row> beforeTime(Instant target) {
        return rows(countUntil(commit -> isLater(commit.time(), target, false)));
    }

    SortedSet<Row> through(Commit target) {
        return rows(commits.indexOf(target) + 1);
    }

    SortedSet<Row> before(Commit target) {
        return rows(commits.indexOf(target));
    }

    SortedSet<Row> atRestorePoint(String name) {
        return endingBy(restorePoints.get(name));
    }

    /** The rows of all transactions whose commit records end at or before a position. */
    SortedSet<Row> endingBy(Lsn end) {
        return rows(countUntil(commit -> commit.end().isAfter(end)));
    }

    SortedSet<Row> atEnd() {
        return rows(commits.size());
    }

    private int countUntil(Predicate<Commit> stop) {
        int count = 0;
        while (count < commits.size() && !stop.test(commits.get(count))) {
            count++;
        }
        return count;
    }

    private SortedSet<Row> rows(int count) {
        SortedSet<Row> rows = new TreeSet<>();
        for (Commit commit : commits.subList(0, count)) {
            Committed log = byXid.get(commit.xid());
            assertThat(rows.containsAll(log.removed())).isTrue();
            rows.removeAll(log.removed());
            rows.addAll(log.added());
        }
        return rows;
    }
}

package dev.pitr.history;

import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.WalEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Goes backwards through the segments that matter. A transaction that ends in one may have begun in an earlier one: then
 * these are read too, until a snapshot of what ran shows that it had not begun, or enough was read.
 */
final class HistorySearch implements Iterator<HistoryEntry> {
    /** Of one segment at a time; a segment with more is read again for the older ones. */
    private static final int MAX_ENDED = 20_000;

    /** Of transactions that wait for their beginning. */
    private static final int MAX_PENDING = 100_000;

    private final HistoryFilter filter;
    private final ArchivedPath path;
    private final SegmentWalk walk;
    private final SegmentReader reader;
    private final WalIndex index;
    private final PostgresVersion version;
    private final EntryMaker maker;
    private final int maxSegmentsBehind;

    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Set<Long> straddling = new HashSet<>();
    private @Nullable WalSegment lastRead;
    private boolean isStraddled;
    private @Nullable Chunk chunk;
    private @Nullable HistoryEntry next;

    /** The older transactions of a segment that ends too many. */
    private record Chunk(WalSegment segment, Lsn until, LongPredicate wanted) {}

    HistorySearch(HistoryFilter filter, ArchivedPath path, WalIndex index, EntryMaker maker, PostgresVersion version) {
        this.filter = filter;
        this.path = path;
        this.maker = maker;
        this.version = version;
        this.index = index;
        reader = new SegmentReader(index, version);
        HistoryRequest request = filter.request();
        walk = new SegmentWalk(index, path, path.runs(request.from(), request.to()), filter::mayHold);
        maxSegmentsBehind = (int) Math.min(Integer.MAX_VALUE, request.readBehindBytes() / path.segmentBytes());
    }

    @Override
    public boolean hasNext() {
        while (next == null) {
            Pending first = pending.peekFirst();
            if (first != null && first.isDone()) {
                pending.removeFirst();
                next = maker.entry(first).orElse(null);
            } else if (!advance()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public HistoryEntry next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The history has no further entry");
        }
        HistoryEntry result = next;
        next = null;
        if (result == null) {
            throw new NoSuchElementException("The history has no further entry");
        }
        return result;
    }

    /** Reads one more segment. Returns whether there was one, or something is left to be handed out. */
    private boolean advance() {
        if (chunk != null) {
            readChunk(chunk);
            return true;
        }
        if (isStraddled || !pending.isEmpty()) {
            if (pending.size() > MAX_PENDING) {
                pending.getFirst().giveUp();
                return true;
            }
            Optional<WalSegment> before = lastRead == null ? Optional.empty() : path.before(lastRead);
            if (before.isPresent() && mayReadBehind(before.get())) {
                readBehind(before.get());
            } else {
                isStraddled = false;
                pending.forEach(Pending::giveUp);
            }
            return true;
        }
        SegmentSummary summary = walk.peek();
        if (summary == null) {
            return false;
        }
        walk.take();
        readSummarized(summary);
        return true;
    }

    private boolean mayReadBehind(WalSegment segment) {
        SegmentSummary summary = walk.peek();
        return isStraddled
                || maxSegmentsBehind > 0
                || (summary != null && summary.segment().equals(segment));
    }

    /** Reads the segment before the one read last, for what began there; it may matter by itself. */
    private void readBehind(WalSegment segment) {
        SegmentSummary summary = walk.peek();
        if (summary != null && summary.segment().equals(segment)) {
            walk.take();
            read(segment, summary);
        } else {
            read(segment, null);
        }
    }

    private void readSummarized(SegmentSummary summary) {
        if (filter.needsRecords(summary)) {
            read(summary.segment(), summary);
        } else {
            addAll(new ArrayDeque<>(), marks(summary.events(), null));
        }
    }

    private void read(WalSegment segment, @Nullable SegmentSummary summary) {
        LongPredicate asked =
                summary == null ? straddlers() : filter.wanted(summary).or(straddlers());
        LongPredicate behind = waitedFor();
        SegmentRecords records =
                new SegmentRecords(xid -> asked.test(xid) || behind.test(xid), filter::mayMatch, MAX_ENDED);
        reader.read(segment, null, records::add);
        lastRead = segment;
        pending.forEach(older -> older.addOlder(records));
        addDatabaseDrops(segment, records);
        addAll(records.ended(), marks(summary == null ? List.of() : events(summary, records), records.letGoBefore()));
        judge(records, summary == null);
        chunk = records.letGoBefore() == null ? null : new Chunk(segment, records.letGoBefore(), asked);
        noteStraddlers(summary);
    }

    /** The commit that follows the removal of a database's files may lie in the next segment. */
    private void addDatabaseDrops(WalSegment segment, SegmentRecords records) {
        records.unfinished().forEach((xid, tally) -> {
            DatabaseDrop drop = tally.databaseDrop();
            if (drop != null && drop.database() != 0) {
                path.after(segment).ifPresent(following -> {
                    ForwardReader forward = new ForwardReader(index, version);
                    forward.stops(segment, stop -> {});
                    forward.stops(following, stop -> {
                        if (stop.xid() == xid && filter.mayMatch(stop, tally)) {
                            pending.addLast(Pending.of(new Ended(stop, tally)));
                        }
                    });
                });
            }
        });
    }

    /** A record that straddles in is in the summary only. */
    private static List<WalEvent> events(SegmentSummary summary, SegmentRecords records) {
        return summary.cut().contains(SegmentSummary.Part.EVENTS) ? records.marks() : summary.events();
    }

    private void readChunk(Chunk older) {
        SegmentRecords records = new SegmentRecords(older.wanted(), filter::mayMatch, MAX_ENDED);
        reader.read(older.segment(), older.until(), records::add);
        addAll(records.ended(), marks(records.marks(), records.letGoBefore()));
        judge(records, false);
        chunk = records.letGoBefore() == null
                ? null
                : new Chunk(older.segment(), records.letGoBefore(), older.wanted());
    }

    /** Subtransactions have greater numbers than what they belong to; other transactions' changes don't matter here. */
    private LongPredicate straddlers() {
        Set<Long> xids = Set.copyOf(straddling);
        return xids::contains;
    }

    private LongPredicate waitedFor() {
        Set<Long> xids = new HashSet<>();
        for (Pending waiting : pending) {
            Ended ended = waiting.ended();
            if (ended != null && !waiting.isDone()) {
                xids.add(ended.stop().xid());
                xids.addAll(ended.stop().subtransactions());
            }
        }
        return xids::contains;
    }

    private void noteStraddlers(@Nullable SegmentSummary summary) {
        straddling.clear();
        isStraddled = summary != null && filter.mayStraddle(summary);
        if (summary == null || !isStraddled) {
            return;
        }
        for (WalEvent event : summary.events()) {
            if (event.start().isBefore(summary.segment().start()) && event instanceof StopRecord stop) {
                straddling.add(stop.xid());
                straddling.addAll(stop.subtransactions());
            }
        }
    }

    private List<WalEvent> marks(List<WalEvent> events, @Nullable Lsn from) {
        List<WalEvent> result = new ArrayList<>();
        for (WalEvent event : events) {
            boolean isMark = event instanceof WalEvent.RestorePoint || event instanceof WalEvent.TimelineSwitch;
            if (isMark
                    && filter.wantsMark(event)
                    && (from == null || !event.start().isBefore(from))) {
                result.add(event);
            }
        }
        return result;
    }

    /** Appends both, newest first. */
    private void addAll(Deque<Ended> ended, List<WalEvent> marks) {
        int mark = marks.size() - 1;
        Iterator<Ended> newestFirst = ended.descendingIterator();
        while (newestFirst.hasNext()) {
            Ended each = newestFirst.next();
            while (mark >= 0 && marks.get(mark).start().isAfter(each.stop().start())) {
                pending.addLast(Pending.of(marks.get(mark--)));
            }
            pending.addLast(Pending.of(each));
        }
        while (mark >= 0) {
            pending.addLast(Pending.of(marks.get(mark--)));
        }
    }

    private void judge(SegmentRecords records, boolean isExtra) {
        for (Pending each : pending) {
            each.judge(records, filter.isNotableOnly(), version, isExtra ? 1 : 0, maxSegmentsBehind);
        }
    }
}

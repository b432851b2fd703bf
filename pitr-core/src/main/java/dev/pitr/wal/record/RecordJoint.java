package dev.pitr.wal.record;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.RecordChain.Head;
import dev.pitr.wal.record.RecordChain.Link;
import dev.pitr.wal.record.RecordChain.Span;
import dev.pitr.wal.record.RecordChain.Tail;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where two stretches of WAL meet: the record that begins in the earlier one and ends in the later one, if there is one,
 * and whether the later one really continues the earlier.
 */
final class RecordJoint {
    private final RecordChain before;
    private final RecordChain after;

    private Head head;
    private @Nullable Tail tail;
    private @Nullable StraddlingRecord record;
    private @Nullable Lsn brokenAt;

    private RecordJoint(RecordChain before, RecordChain after) {
        this.before = before;
        this.after = after;
        this.head = after.head();
        this.tail = after.tail().orElse(null);
    }

    /** Joins the two; an {@code after} that was joined already is only compared. */
    static RecordJoint of(RecordChain before, RecordChain after) {
        RecordJoint joint = new RecordJoint(before, after);
        joint.meet();
        joint.compareLinks();
        return joint;
    }

    private void meet() {
        if (before.end().kind().isFaultInCompleteSegment()) {
            breakAt(before.end().lsn());
        }
        Optional<Tail> begun = before.tail();
        switch (after.head().kind()) {
            case RECORD -> {
                if (begun.isPresent() || before.isInsideOneRecord()) {
                    breakAt(after.head().page());
                }
            }
            case CONTINUATION -> {
                if (begun.isPresent()) {
                    continueRecord(begun.get());
                } else if (!isMoreOfOneRecord()) {
                    breakAt(after.head().page());
                }
            }
            // The record that was begun is lost, as the server means it; or it has been looked at before.
            case OVERWRITTEN, JOINED -> {}
        }
    }

    private void continueRecord(Tail begun) {
        long total = StraddlingRecord.totalLength(begun.fragment());
        if (begun.fragment().length() != total - after.head().length()) {
            breakAt(begun.start());
            return;
        }
        RecordFragment bytes = begun.fragment().followedBy(after.head().fragment());
        head = Head.joined(after.head());
        if (after.head().isComplete()) {
            StraddlingRecord whole = new StraddlingRecord(
                    before.version(), begun.start(), after.head().end(), bytes);
            if (whole.isIntact()) {
                record = whole;
            } else {
                breakAt(begun.start());
            }
        } else {
            tail = new Tail(begun.start(), bytes);
        }
    }

    private void compareLinks() {
        Link first = after.first().orElse(null);
        if (record != null && first != null && !first.previous().equals(record.start())) {
            breakAt(first.start());
        }
        Link next = record != null ? record.link() : first;
        Span last = before.last().orElse(null);
        if (next != null && last != null && !isPending() && !next.previous().equals(last.start())) {
            breakAt(next.start());
        }
    }

    /** Whether a record lies between the two that isn't known yet. */
    private boolean isPending() {
        return head.kind() == Head.Kind.CONTINUATION;
    }

    private void breakAt(Lsn lsn) {
        brokenAt = brokenAt == null ? lsn : brokenAt;
    }

    /** Whether the earlier stretch lies in the middle of a record, and the later one begins with as much as it lacks. */
    private boolean isMoreOfOneRecord() {
        return before.isInsideOneRecord()
                && before.head().length() - before.head().fragment().length()
                        == after.head().length();
    }

    /** Whether joining changes nothing. */
    boolean isIdle() {
        return record == null && brokenAt == null && head.equals(after.head());
    }

    /** The record that straddles the boundary and ends in the later stretch; empty if it was counted before. */
    Optional<StraddlingRecord> record() {
        return Optional.ofNullable(record);
    }

    /** The later chain with the record counted. */
    RecordChain joined() {
        return chain(
                head,
                record != null ? record.link() : after.first().orElse(null),
                after.last().orElse(record != null ? record.span() : null),
                brokenAt != null ? brokenAt : after.brokenAt().orElse(null));
    }

    /** Both chains as one. */
    RecordChain folded() {
        RecordChain joined = joined();
        return chain(
                foldedHead(),
                before.first().or(joined::first).orElse(null),
                joined.last().or(before::last).orElse(null),
                before.brokenAt().or(joined::brokenAt).orElse(null));
    }

    private Head foldedHead() {
        return switch (after.head().kind()) {
            case CONTINUATION -> isMoreOfOneRecord() ? before.head().followedBy(after.head()) : before.head();
            case OVERWRITTEN -> before.isInsideOneRecord() ? Head.overwritten(before.head()) : before.head();
            case RECORD, JOINED -> before.head();
        };
    }

    private RecordChain chain(Head first, @Nullable Link link, @Nullable Span last, @Nullable Lsn broken) {
        RecordChain.Builder chain = RecordChain.builder(before.version(), first, after.end());
        if (link != null && last != null) {
            chain.records(link, last);
        }
        if (tail != null) {
            chain.tail(tail);
        }
        if (broken != null) {
            chain.brokenAt(broken);
        }
        return chain.build();
    }
}

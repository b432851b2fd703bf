package dev.pitr.wal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A timeline and its ancestors, as its history file tells them.
 *
 * <p>Fork points may go down: the parent that a server writes is the target timeline of the recovery, not the one it
 * replayed last. Therefore every question is answered as the server answers it ({@code tliOfPointInHistory} in
 * {@code timeline.c}): from the newest entry to the oldest, the first whose range holds the position. A switch point of
 * {@link Lsn#ZERO} counts as open, as there.
 *
 * @param timeline the timeline that this history is of
 * @param forks the ancestors, oldest first, each with the position at which it was left; empty for a timeline
 *     without parents
 */
public record TimelineHistory(TimelineId timeline, List<Fork> forks) {
    /**
     * One line of a history file.
     *
     * @param parent the timeline that was left
     * @param switchPoint the first position that no longer belongs to it
     * @param reason the server's or the operator's free text, without a line end, possibly empty
     */
    public record Fork(TimelineId parent, Lsn switchPoint, String reason) {
        /** Checks that the reason stays on its line. */
        public Fork {
            if (reason.indexOf('\n') >= 0 || reason.indexOf('\r') >= 0) {
                throw new WalFormatException("Reason of a fork from timeline " + parent + " contains a line end");
            }
        }
    }

    /** Copies the list and checks that timelines strictly increase up to this one. */
    public TimelineHistory {
        forks = List.copyOf(forks);
        long previous = 0;
        for (Fork fork : forks) {
            if (fork.parent().value() <= previous || fork.parent().compareTo(timeline) >= 0) {
                throw new WalFormatException("History of timeline " + timeline + " is invalid: parent " + fork.parent()
                        + " must lie between " + previous + " and " + timeline);
            }
            previous = fork.parent().value();
        }
    }

    /**
     * Returns the history of a timeline that has no parents, such as timeline 1.
     *
     * @param timeline the timeline
     * @return a history without forks
     */
    public static TimelineHistory withoutParents(TimelineId timeline) {
        return new TimelineHistory(timeline, List.of());
    }

    /**
     * Parses a history file by the server's rules ({@code readTimeLineHistory} in {@code timeline.c}): empty lines and
     * lines that start with {@code #} are skipped, of the others the first two fields count, apart from which the rest
     * of the line is kept as the reason. What no server writes and its scanner merely lets pass (a sign, a prefix
     * {@code 0x}, a number that overflows) is refused.
     *
     * @param timeline the timeline in the file's name
     * @param text the file's content
     * @return the history
     * @throws WalFormatException where the server would refuse the file
     */
    public static TimelineHistory parse(TimelineId timeline, String text) {
        return new TimelineHistory(timeline, HistoryLines.parse(timeline, text));
    }

    /**
     * Returns the timelines that a position may be on, newest first: this one, then its ancestors.
     *
     * @return at least this timeline
     */
    public List<TimelineId> newestFirst() {
        List<TimelineId> result = new ArrayList<>();
        for (int i = forks.size(); i >= 0; i--) {
            result.add(entry(i));
        }
        return List.copyOf(result);
    }

    /**
     * Returns the timeline that owns the byte at a position.
     *
     * @param lsn any position
     * @return this timeline or an ancestor
     */
    public TimelineId timelineAt(Lsn lsn) {
        for (int i = forks.size(); i > 0; i--) {
            boolean isBeforeEnd = isOpen(end(i)) || lsn.isBefore(end(i));
            if (isBeforeEnd && !lsn.isBefore(begin(i))) {
                return entry(i);
            }
        }
        return entry(0);
    }

    /**
     * Returns the file that a server following this history reads for a position: in a segment that holds a fork, the
     * child's copy (see {@code XLogFileReadAnyTLI} in {@code xlogrecovery.c}).
     *
     * <p>Its timeline can be newer than {@link #timelineAt}, which tells whose the single byte is.
     *
     * @param lsn any position
     * @param size the cluster's segment size
     * @return the segment that holds it
     */
    public WalSegment segmentAt(Lsn lsn, WalSegmentSize size) {
        return segment(size.segmentNumber(lsn), size);
    }

    /**
     * Returns the segments that a server following this history reads, in order, each as {@link #segmentAt} tells.
     *
     * @param from the first position to be read, inclusive
     * @param to the last position to be read, <em>inclusive</em>
     * @param size the cluster's segment size
     * @return one segment for each segment number; an immutable list that computes its elements when asked and takes
     *     the same memory for any length
     * @throws IllegalArgumentException if {@code to} is before {@code from}, or if there are more than
     *     {@link Integer#MAX_VALUE} segments
     */
    public List<WalSegment> segments(Lsn from, Lsn to, WalSegmentSize size) {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException(
                    "Cannot list segments from " + from + " to " + to + ": the end is first");
        }
        return new SegmentPath(this, size.segmentNumber(from), size.segmentNumber(to), size);
    }

    /**
     * Segment numbers for which a server following a history reads one timeline's files.
     *
     * @param timeline whose files
     * @param first the first segment number
     * @param last the last segment number, inclusive
     */
    public record Stretch(TimelineId timeline, long first, long last) {}

    /**
     * Returns the whole path in stretches of one timeline each, as {@link #segmentAt} tells. A timeline that begins behind
     * its child's begin, since switch points can go down, has none.
     *
     * @param size the cluster's segment size
     * @return oldest first, without holes from segment number 0 to the last that there can be; the last is this timeline's
     */
    public List<Stretch> stretches(WalSegmentSize size) {
        List<Stretch> newestFirst = new ArrayList<>();
        long last = size.segmentNumber(new Lsn(-1));
        for (int i = forks.size(); i >= 0 && last >= 0; i--) {
            long first = size.segmentNumber(begin(i));
            if (first <= last) {
                newestFirst.add(new Stretch(entry(i), first, last));
                last = first - 1;
            }
        }
        Collections.reverse(newestFirst);
        return List.copyOf(newestFirst);
    }

    WalSegment segment(long number, WalSegmentSize size) {
        int i = forks.size();
        while (i > 0 && number < size.segmentNumber(begin(i))) {
            i--;
        }
        return new WalSegment(entry(i), number, size);
    }

    /**
     * Returns the content of the history file: {@code parse(timeline, print())} is equal to this.
     *
     * @return one line for each fork; empty for a timeline without parents
     */
    public String print() {
        StringBuilder text = new StringBuilder();
        for (Fork fork : forks) {
            text.append(fork.parent()).append('\t').append(fork.switchPoint());
            text.append('\t').append(fork.reason()).append('\n');
        }
        return text.toString();
    }

    // The server's entries: one for each fork's parent, then this timeline. The first begins and the last ends openly.

    private TimelineId entry(int i) {
        return i == forks.size() ? timeline : forks.get(i).parent();
    }

    private Lsn begin(int i) {
        return i == 0 ? Lsn.ZERO : forks.get(i - 1).switchPoint();
    }

    private Lsn end(int i) {
        return i == forks.size() ? Lsn.ZERO : forks.get(i).switchPoint();
    }

    private static boolean isOpen(Lsn bound) {
        return bound.equals(Lsn.ZERO);
    }
}

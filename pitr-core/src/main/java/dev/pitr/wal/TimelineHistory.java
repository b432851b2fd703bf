package dev.pitr.wal;

import java.util.ArrayList;
import java.util.List;

/**
 * A timeline and its ancestors, as its history file tells them.
 *
 * <p>Fork points may go down: the parent that a server writes is the target timeline of the recovery, not the one it
 * replayed last. Therefore every question is answered as the server answers it ({@code tliOfPointInHistory} in
 * {@code timeline.c}): from the newest entry to the oldest, the first whose range holds the position.
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
    public record Fork(TimelineId parent, Lsn switchPoint, String reason) {}

    /** Copies the list and checks that timelines strictly increase up to this one. */
    public TimelineHistory {
        forks = List.copyOf(forks);
        long previous = 0;
        for (Fork fork : forks) {
            if (fork.parent().value() <= previous || fork.parent().compareTo(timeline) >= 0) {
                throw new WalFormatException("History of timeline " + timeline + " is invalid: parent "
                        + fork.parent() + " must lie between " + previous + " and " + timeline);
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
     * Parses a history file by the server's rules: empty lines and lines that start with {@code #} are skipped, of the
     * others the first two fields count.
     *
     * @param timeline the timeline in the file's name
     * @param text the file's content
     * @return the history
     * @throws WalFormatException where the server would refuse the file
     */
    public static TimelineHistory parse(TimelineId timeline, String text) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the timelines that a position may be on, newest first: this one, then its ancestors.
     *
     * @return at least this timeline
     */
    public List<TimelineId> newestFirst() {
        List<TimelineId> result = new ArrayList<>();
        result.add(timeline);
        for (int i = forks.size() - 1; i >= 0; i--) {
            result.add(forks.get(i).parent());
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
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the segments that a server following this history reads, in order: for a segment that holds a fork, the
     * child's copy (see {@code XLogFileReadAnyTLI} in {@code xlogrecovery.c}).
     *
     * @param from the first position to be read, inclusive
     * @param to the last position to be read, <em>inclusive</em>
     * @param size the cluster's segment size
     * @return one segment for each segment number
     * @throws IllegalArgumentException if {@code to} is before {@code from}
     */
    public List<WalSegment> segments(Lsn from, Lsn to, WalSegmentSize size) {
        throw new UnsupportedOperationException();
    }

    /**
     * Returns the content of the history file.
     *
     * @return one line for each fork; empty for a timeline without parents
     */
    public String print() {
        throw new UnsupportedOperationException();
    }
}

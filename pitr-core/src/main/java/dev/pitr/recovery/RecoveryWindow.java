package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.record.StopPoint;
import java.util.List;
import java.util.Optional;

/**
 * One unbroken stretch of recoverable moments along one timeline and its ancestors: from the first consistent point of a
 * backup to the last commit that unbroken WAL behind it reaches. Immutable; grows with releases.
 */
public final class RecoveryWindow {
    /** Why a window ends. */
    public enum Ending {
        /** Nothing more is archived. */
        END_OF_ARCHIVE,
        /** Nothing more is archived, save a {@code .partial} file of the next segment, for which no recovery asks. */
        PARTIAL_SEGMENT,
        /** A segment is missing, and later ones are archived. */
        GAP,
        /** The child timeline's own copy of the segment in which it begins is missing. */
        SWITCH_SEGMENT_MISSING,
        /** Records are damaged or don't follow each other. */
        DAMAGE,
        /** The server ran with {@code wal_level = minimal}. */
        WAL_LEVEL_MINIMAL
    }

    /**
     * An end of a window.
     *
     * @param lsn the position up to which WAL is replayed there, the end of a record
     * @param timeline the timeline of that position
     * @param commit the last commit replayed there; empty if none is known, since none lies between the backup's start
     *     and here
     */
    public record Edge(Lsn lsn, TimelineId timeline, Optional<StopPoint> commit) {}

    /** What the calculator hands over. */
    record Parts(
            TimelineId timeline,
            Edge start,
            Edge end,
            Lsn archivedUpTo,
            List<Backup> backups,
            Ending ending,
            String reason) {
        Parts {
            backups = List.copyOf(backups);
        }
    }

    private final Parts parts;

    RecoveryWindow(Parts parts) {
        this.parts = parts;
    }

    /**
     * Returns the timeline whose path it lies on.
     *
     * @return the timeline to name in a plan; the window may begin on an ancestor
     */
    public TimelineId timeline() {
        return parts.timeline();
    }

    /**
     * Returns where it begins.
     *
     * @return the first consistent point of its first backup
     */
    public Edge start() {
        return parts.start();
    }

    /**
     * Returns where it ends.
     *
     * @return the end of the last commit, with that commit; the start if nothing was committed since
     */
    public Edge end() {
        return parts.end();
    }

    /**
     * Returns how far WAL can be replayed. Behind the last commit there is only what hadn't been committed, or has no
     * transaction.
     *
     * @return the end of the last record; not before {@link #end()}
     */
    public Lsn archivedUpTo() {
        return parts.archivedUpTo();
    }

    /**
     * Returns the backups that serve it, each from its own first consistent point on.
     *
     * @return at least one, by their first consistent points
     */
    public List<Backup> backups() {
        return parts.backups();
    }

    /**
     * Returns why it ends.
     *
     * @return the kind of reason
     */
    public Ending ending() {
        return parts.ending();
    }

    /**
     * Returns why it ends, for people.
     *
     * @return one clause with names and positions
     */
    public String reason() {
        return parts.reason();
    }

    @Override
    public String toString() {
        return "Timeline " + timeline() + ": " + start().lsn() + " to " + end().lsn() + ", "
                + backups().size() + " backups";
    }
}

package dev.pitr.repository;

import dev.pitr.catalog.Unreadable;
import java.util.List;
import java.util.Objects;

/** What building an index did. Immutable; grows with releases. */
public final class IndexReport {
    private final long segmentsAdded;
    private final long segmentsScanned;
    private final int completePages;
    private final int openPages;
    private final int rollups;
    private final List<Unreadable> unreadable;

    IndexReport(
            long segmentsAdded,
            long segmentsScanned,
            int completePages,
            int openPages,
            int rollups,
            List<Unreadable> unreadable) {
        this.segmentsAdded = segmentsAdded;
        this.segmentsScanned = segmentsScanned;
        this.completePages = completePages;
        this.openPages = openPages;
        this.rollups = rollups;
        this.unreadable = List.copyOf(unreadable);
    }

    /**
     * Returns how many segments the index did not know before.
     *
     * @return 0 if it was up to date
     */
    public long segmentsAdded() {
        return segmentsAdded;
    }

    /**
     * Returns how many of them had to be read whole, because they were archived without a summary.
     *
     * @return 0 or more
     */
    public long segmentsScanned() {
        return segmentsScanned;
    }

    /**
     * Returns how many pages of whole log ids were written.
     *
     * @return 0 or more
     */
    public int completePages() {
        return completePages;
    }

    /**
     * Returns how many pages of log ids were written to which segments are still to come, or in which some are missing.
     *
     * @return 0 or more
     */
    public int openPages() {
        return openPages;
    }

    /**
     * Returns how many roll-ups were written.
     *
     * @return 0 or more
     */
    public int rollups() {
        return rollups;
    }

    /**
     * Returns the segments that could not be indexed because they can't be read.
     *
     * @return empty if all is well
     */
    public List<Unreadable> unreadable() {
        return unreadable;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IndexReport report
                && report.segmentsAdded == segmentsAdded
                && report.segmentsScanned == segmentsScanned
                && report.completePages == completePages
                && report.openPages == openPages
                && report.rollups == rollups
                && report.unreadable.equals(unreadable);
    }

    @Override
    public int hashCode() {
        return Objects.hash(segmentsAdded, segmentsScanned, completePages, openPages, rollups, unreadable);
    }

    @Override
    public String toString() {
        return segmentsAdded + " segments added, " + segmentsScanned + " of them read whole; " + completePages
                + " complete pages, " + openPages + " open pages and " + rollups + " roll-ups written; "
                + unreadable.size() + " segments unreadable";
    }
}

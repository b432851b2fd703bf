package dev.pitr.archive;

import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The WAL files without which a recovery can't reach its target: the segments of an unbroken path, and history files.
 * Immutable.
 *
 * <p>Whatever way they come to the server, one of these may never be answered by plain absence, which the server takes
 * for the end of WAL: it would promote early, without a word in its log. Nor may the server get a segment that isn't
 * planned: behind a path that ends before a fork, it would take the parent's for want of the child's.
 */
public final class PlannedWal {
    /** Ends the list on disk, so that a list that was cut short isn't mistaken for a whole one. */
    static final String END_OF_NAMES = "end";

    private static final int TIMELINE_DIGITS = 8;

    private final List<WalSegment> segments;
    private final Set<WalFileName> histories;
    private final boolean openEnded;

    private PlannedWal(List<WalSegment> segments, Set<WalFileName> histories, boolean openEnded) {
        this.segments = List.copyOf(segments);
        this.histories = Set.copyOf(histories);
        this.openEnded = openEnded;
    }

    /**
     * Takes the files of a plan.
     *
     * @param files segments and timeline histories, the segments in the order of the path: one for each segment number,
     *     without a gap, at least one
     * @return the planned files
     * @throws IllegalArgumentException if the segments are no such path, or there are files of other kinds
     */
    public static PlannedWal of(List<? extends WalFileName> files) {
        List<WalSegment> segments = new ArrayList<>();
        Set<WalFileName> histories = new LinkedHashSet<>();
        for (WalFileName file : files) {
            if (file instanceof WalFileName.Segment s) {
                requireNext(segments, s.segment());
                segments.add(s.segment());
            } else if (file instanceof WalFileName.History) {
                histories.add(file);
            } else {
                throw new IllegalArgumentException("A server that recovers never asks for " + file.name());
            }
        }
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("A recovery needs at least one segment");
        }
        return new PlannedWal(segments, histories, false);
    }

    /**
     * Lets the recovery go on behind the last planned segment, through what lies there on its timeline by then.
     *
     * @return the same files, {@linkplain #admits admitting} more
     */
    public PlannedWal openEnded() {
        return new PlannedWal(segments, histories, true);
    }

    private static void requireNext(List<WalSegment> segments, WalSegment segment) {
        WalSegment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last != null
                && (segment.number() != last.number() + 1 || !segment.size().equals(last.size()))) {
            throw new IllegalArgumentException("Segments are no unbroken path: " + last + " is followed by " + segment);
        }
    }

    /**
     * Returns the segments, in the order of the path.
     *
     * @return at least one
     */
    public List<WalSegment> segments() {
        return segments;
    }

    /**
     * Returns the cluster's segment size.
     *
     * @return the size
     */
    public WalSegmentSize segmentSize() {
        return segments.get(0).size();
    }

    /**
     * Returns all files, histories first.
     *
     * @return a new list
     */
    public List<WalFileName> files() {
        List<WalFileName> files = new ArrayList<>(histories);
        segments.forEach(segment -> files.add(new WalFileName.Segment(segment)));
        return files;
    }

    /**
     * Tells whether a file is planned.
     *
     * @param name any file
     * @return true if the recovery counts on it
     */
    public boolean contains(WalFileName name) {
        return histories.contains(name) || indexOf(name).isPresent();
    }

    /**
     * Tells whether the server may get a file if it is there: a planned one, any history, and if this is
     * {@linkplain #openEnded open-ended}, segments behind the last planned one on its timeline.
     *
     * @param name any file
     * @return false if the server must be told that the file is absent, whether it is or not
     */
    public boolean admits(WalFileName name) {
        return name instanceof WalFileName.History || contains(name) || (openEnded && isBehindLast(name));
    }

    private boolean isBehindLast(WalFileName name) {
        return name instanceof WalFileName.Segment s
                && s.segment().timeline().equals(last().timeline())
                && s.segment().number() > last().number();
    }

    private WalSegment last() {
        return segments.get(segments.size() - 1);
    }

    /**
     * The name without timeline of the segment behind the last, if no server may get it. A server reads one segment after
     * the other, so without this one it asks for none that comes later.
     */
    Optional<String> end() {
        long next = last().number() + 1;
        boolean isLastOfAll = segmentSize().segmentNumber(new Lsn(-1)) < next;
        return openEnded || isLastOfAll
                ? Optional.empty()
                : Optional.of(new WalSegment(last().timeline(), next, segmentSize())
                        .name()
                        .substring(TIMELINE_DIGITS));
    }

    /** Where on the path a segment is. */
    OptionalInt indexOf(WalFileName name) {
        if (name instanceof WalFileName.Segment s) {
            long index = s.segment().number() - segments.get(0).number();
            if (index >= 0
                    && index < segments.size()
                    && segments.get((int) index).equals(s.segment())) {
                return OptionalInt.of((int) index);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * Writes the names to a file, one a line, for a {@linkplain RestoreCommand restore command} to look at. The file
     * appears whole; it is replaced if it exists.
     *
     * @param file where to
     * @throws PitrException with code {@code archive.planned-names} if it can't be written
     */
    public void writeNames(Path file) {
        try {
            replaceNames(file);
        } catch (IOException e) {
            throw new PitrException(
                    "archive.planned-names", "Cannot write the names of the planned WAL to " + file + ": " + e, e);
        }
    }

    private void replaceNames(Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (BufferedWriter out = Files.newBufferedWriter(temporary)) {
            for (WalFileName name : files()) {
                out.write(name.name() + "\n");
            }
            out.write(END_OF_NAMES + "\n");
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        return segments.size() + " segments from " + segments.get(0) + " to " + segments.get(segments.size() - 1) + ", "
                + histories.size() + " histories";
    }
}

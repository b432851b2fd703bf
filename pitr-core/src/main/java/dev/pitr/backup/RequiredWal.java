package dev.pitr.backup;

import dev.pitr.postgres.WalRange;
import dev.pitr.repository.WalStore;
import dev.pitr.storage.StorageException;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archived files without which a backup can't become consistent.
 *
 * @param segments from its start to its stop position, in the order of recovery; none if it carries them
 * @param timeline the timeline of its stop position
 */
record RequiredWal(List<WalSegment> segments, TimelineId timeline) {
    private static final Logger LOG = LoggerFactory.getLogger(RequiredWal.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(2);

    /**
     * Finds the segments that hold some ranges. More than one range means that a standby followed its primary to a new
     * timeline meanwhile: of a segment that holds a fork, recovery reads the child's copy.
     *
     * @param newestFirst at least one range, as the manifest orders them
     * @param size the cluster's segment size
     */
    static RequiredWal of(List<WalRange> newestFirst, WalSegmentSize size) {
        WalRange newest = newestFirst.get(0);
        WalRange oldest = newestFirst.get(newestFirst.size() - 1);
        List<TimelineHistory.Fork> forks = new ArrayList<>();
        for (int i = newestFirst.size() - 1; i > 0; i--) {
            WalRange ancestor = newestFirst.get(i);
            forks.add(new TimelineHistory.Fork(ancestor.timeline(), ancestor.end(), ""));
        }
        TimelineHistory history = new TimelineHistory(newest.timeline(), forks);
        return new RequiredWal(history.segments(oldest.start(), newest.end().plus(-1), size), newest.timeline());
    }

    /** Returns what a backup needs of the archive that carries its own segments. */
    RequiredWal historyAlone() {
        return new RequiredWal(List.of(), timeline);
    }

    /** Returns the files in the order in which recovery asks for them. */
    List<WalFileName> files() {
        List<WalFileName> result = new ArrayList<>();
        if (!timeline.equals(TimelineId.FIRST)) {
            result.add(new WalFileName.History(timeline));
        }
        segments.forEach(segment -> result.add(new WalFileName.Segment(segment)));
        return List.copyOf(result);
    }

    /** Waits until all files are stored, or the patience is at its end; returns which are not. */
    List<WalFileName> awaitStored(WalStore store, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + saturatedNanos(patience);
        Duration pause = FIRST_PAUSE;
        List<WalFileName> missing = missing(store, files());
        while (!missing.isEmpty() && System.nanoTime() - deadline < 0) {
            long left = deadline - System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(Math.min(left, pause.toNanos()));
            pause = pause.multipliedBy(2).compareTo(LAST_PAUSE) < 0 ? pause.multipliedBy(2) : LAST_PAUSE;
            missing = missing(store, missing);
        }
        return missing;
    }

    private static long saturatedNanos(Duration patience) {
        return patience.compareTo(Duration.ofDays(365)) < 0
                ? patience.toNanos()
                : Duration.ofDays(365).toNanos();
    }

    private static List<WalFileName> missing(WalStore store, List<WalFileName> files) {
        return files.stream().filter(file -> !isStored(store, file)).toList();
    }

    /** A store that can't answer now must not cost a backup that is whole already. */
    private static boolean isStored(WalStore store, WalFileName file) {
        try {
            return store.header(file).isPresent();
        } catch (StorageException e) {
            LOG.warn("Cannot look for WAL file {}: {}", file.name(), e.getMessage());
            return false;
        }
    }
}

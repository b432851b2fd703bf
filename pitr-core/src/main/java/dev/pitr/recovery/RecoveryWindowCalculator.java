package dev.pitr.recovery;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.record.WalEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells which moments can be recovered: a pure function of a catalogue and of what is inside its WAL, usable by tools that
 * keep their WAL elsewhere and fill both themselves.
 *
 * <p>It reads stretches' summaries, and single segments only where a window begins or WAL is damaged. A window's segments
 * are those that the catalogue lists. Thread-safe.
 *
 * <p>Every method throws what the index throws where WAL can't be read.
 */
public final class RecoveryWindowCalculator {
    private final Catalogue catalogue;
    private final WalIndex index;
    private final ArchivedWal wal;
    private final Timelines timelines;

    private RecoveryWindowCalculator(Catalogue catalogue, WalIndex index) {
        this.catalogue = catalogue;
        this.index = index;
        this.wal = new ArchivedWal(catalogue.wal());
        this.timelines = new Timelines(catalogue);
    }

    /**
     * Prepares to tell.
     *
     * @param catalogue what exists
     * @param index what is inside its WAL
     * @return a calculator; nothing is read yet
     */
    public static RecoveryWindowCalculator of(Catalogue catalogue, WalIndex index) {
        return new RecoveryWindowCalculator(catalogue, index);
    }

    /**
     * Finds the windows of each timeline of which the history is known.
     *
     * @return all that can be recovered
     */
    public RecoveryWindows windows() {
        List<RecoveryWindows.OnTimeline> result = new ArrayList<>();
        for (TimelineId timeline : timelines.known()) {
            timelines
                    .history(timeline)
                    .map(history -> new WindowFinder(catalogue, index, wal, history).find())
                    .ifPresent(result::add);
        }
        return new RecoveryWindows(catalogue.identity(), result);
    }

    /**
     * Finds the recoverable moments around a time along the newest timeline, by the server's rule: the first transaction in
     * the WAL that ended later is the one behind it, whatever ended before or after.
     *
     * @param time any time
     * @return the nearest moments
     */
    public NearestMoments nearestReachable(Instant time) {
        return timelines.known().descendingSet().stream()
                .flatMap(timeline -> timelines.history(timeline).stream())
                .findFirst()
                .map(history -> new MomentFinder(catalogue, index, wal, history).around(RecoveryTarget.time(time)))
                .orElseGet(() -> new NearestMoments(Optional.empty(), Optional.empty(), false));
    }

    /**
     * Finds the restore points in the archived WAL of one timeline's path, from the first usable segment on. Lazy;
     * to be closed.
     *
     * @param timeline the timeline
     * @return the restore points, in WAL order; of several with one name, recovery stops at the first behind its backup
     */
    public Stream<WalEvent.RestorePoint> restorePoints(TimelineId timeline) {
        return timelines
                .history(timeline)
                .map(history -> new RestorePoints(catalogue, index, wal, history).all())
                .orElseGet(Stream::empty);
    }

    @Override
    public String toString() {
        return "Recovery windows of " + catalogue;
    }
}

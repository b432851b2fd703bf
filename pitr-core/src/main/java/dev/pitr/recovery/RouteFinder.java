package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks for the way from one backup to a target: along which timeline, through which segments. */
final class RouteFinder {
    private final Catalogue catalogue;
    private final Timelines timelines;
    private final ArchivedWal wal;
    private final Optional<WalIndex> index;
    private final Planner planner;
    private final RestoreRequest request;
    private final Backup backup;
    private final WalSegmentSize size;
    private final long first;
    private final long consistent;

    RouteFinder(Planner planner, RestoreRequest request, Backup backup) {
        this.catalogue = planner.catalogue();
        this.timelines = planner.timelines();
        this.wal = planner.wal();
        this.index = planner.index();
        this.planner = planner;
        this.request = request;
        this.backup = backup;
        this.size = catalogue.identity().segmentSize();
        this.first = WalNeed.first(backup, size);
        this.consistent = Math.max(first, WalNeed.lastNeeded(backup, size));
    }

    Verdict find() {
        Optional<Refusal> noTimeline = timelines.refusal(request.timeline(), backup);
        if (noTimeline.isPresent()) {
            return new Verdict.Refused(noTimeline.get());
        }
        TimelineHistory history =
                timelines.history(timelines.resolve(request.timeline(), backup)).orElseThrow();
        if (!passesThrough(history, backup)) {
            return new Verdict.Refused(Refusals.unreachable(backup, history));
        }
        return request.target()
                .accept(new Consistency(backup, index.isPresent()))
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> along(history));
    }

    /** What a server would do from this backup with this target, whether that is meant or not, if it is known. */
    Optional<RecoveryStop> prediction() {
        Optional<TimelinePath> path = path().filter(way -> way.unbrokenThrough(first) >= first)
                .filter(way -> !way.changesTimelineAt(way.unbrokenThrough(first) + 1));
        if (path.isEmpty() || index.isEmpty()) {
            return Optional.empty();
        }
        RecoveryStop stop = new StopFinder(backup, request.target(), path.get(), index.get(), StopFinder.Purpose.PLAN)
                .find(path.get().unbrokenThrough(first))
                .stop();
        return Optional.of(stop.outcome() == RecoveryStop.Outcome.STOPS_EXACTLY ? stop.elsewhere() : stop);
    }

    /** Whether a transaction behind the backup's start may have ended later than a time, as far as summaries tell. */
    boolean mayEndLater(RecoveryTarget.Time time) {
        return path().map(path -> planner.mayMeet(time, timelines.resolve(request.timeline(), backup), path, first))
                .orElse(true);
    }

    /** The path that is asked for, if it passes through the backup. */
    Optional<TimelinePath> path() {
        return timelines
                .history(timelines.resolve(request.timeline(), backup))
                .filter(history -> passesThrough(history, backup))
                .map(history -> new TimelinePath(history, size, wal));
    }

    /**
     * The server's own test, and one more. The server demands that the checkpoint of the label, and for a standby's
     * backup the minimum recovery point, lie on the label's timelines ({@code xlogrecovery.c}). If a primary's backup
     * ended after the fork, the server would start and never become consistent; so its end is tested alike.
     */
    static boolean passesThrough(TimelineHistory history, Backup backup) {
        return history.timelineAt(backup.checkpointLsn()).equals(backup.startTimeline())
                && history.timelineAt(WalNeed.lastByte(backup)).equals(backup.stopTimeline());
    }

    private Verdict along(TimelineHistory history) {
        TimelinePath path = new TimelinePath(history, size, wal);
        Optional<Route> carried = carried(history, path);
        if (carried.isPresent() && request.preferCarriedWal()) {
            return new Verdict.Found(carried.get());
        }
        Verdict archived = archived(history, path);
        boolean useCarried = archived instanceof Verdict.Refused && carried.isPresent() && !leadsOn(path);
        return useCarried ? new Verdict.Found(carried.get()) : archived;
    }

    private Verdict archived(TimelineHistory history, TimelinePath path) {
        long wholePath = Math.max(
                Math.max(consistent, path.firstOfTip()),
                path.lastArchived(first).orElse(first));
        if (index.isPresent()) {
            return proven(history, path, wholePath, index.get());
        }
        WalNeed need = request.target()
                .accept(new WalNeed.OfTarget(consistent, wholePath, nextBackup(history), size, request.endBeforeGap()));
        List<WalCoverage.Run> missing = path.missing(first, need.through());
        if (!missing.isEmpty()) {
            return new Verdict.Refused(refusalFor(missing, path));
        }
        long last = need.lastOf(path);
        boolean isCutShort = last < Math.min(need.atMost(), wholePath);
        return new Verdict.Found(
                new Route(backup, history, segments(history, path, last), false, isCutShort, Optional.empty()));
    }

    private Verdict proven(TimelineHistory history, TimelinePath path, long wholePath, WalIndex records) {
        List<WalCoverage.Run> missing = path.missing(first, consistent);
        if (!missing.isEmpty()) {
            return new Verdict.Refused(refusalFor(missing, path));
        }
        long unbroken = path.unbrokenThrough(first);
        boolean isRare =
                request.target() instanceof RecoveryTarget.Xid || request.target() instanceof RecoveryTarget.Name;
        if (isRare && unbroken == wholePath && !planner.mayMeet(request.target(), history.timeline(), path, first)) {
            return new Verdict.Refused(Refusals.notFound(backup, request.target(), path.at(unbroken)));
        }
        ProvenRoute.Judgement judgement =
                new ProvenRoute(request, backup, path, records, unbroken, unbroken < wholePath).judge();
        return judgement
                .reach()
                .<Verdict>map(reach -> new Verdict.Found(new Route(
                        backup,
                        history,
                        segments(history, path, reach.last()),
                        false,
                        reach.isCutShort(),
                        Optional.of(reach.proof()))))
                .orElseGet(() -> new Verdict.Refused(
                        judgement.refusal().orElseGet(() -> refusalFor(path.missing(first, wholePath), path))));
    }

    private Refusal refusalFor(List<WalCoverage.Run> missing, TimelinePath path) {
        long number = missing.get(0).first().number();
        if (path.changesTimelineAt(number)) {
            return Refusals.switchSegmentMissing(backup, missing);
        }
        if (number <= consistent) {
            return Refusals.ownWalMissing(backup, missing);
        }
        if (request.target() instanceof RecoveryTarget.AtLsn target
                && path.lastArchived(number).isEmpty()) {
            return Refusals.afterWal(backup, target.lsn(), path.at(number - 1));
        }
        return Refusals.gap(backup, missing);
    }

    /** The first backup behind this one that began after the target's time. */
    private Optional<Backup> nextBackup(TimelineHistory history) {
        if (!(request.target() instanceof RecoveryTarget.Time time)) {
            return Optional.empty();
        }
        return catalogue.backups().stream()
                .filter(other -> !other.startLsn().isBefore(backup.stopLsn()))
                .filter(other -> other.startedAt().isAfter(time.effective()))
                .filter(other -> passesThrough(history, other))
                .min(Comparator.comparing(Backup::stopLsn));
    }

    /** The WAL that the backup carries, if it serves the target: a way to its end, on its own timeline. */
    private Optional<Route> carried(TimelineHistory history, TimelinePath path) {
        boolean serves = request.target() instanceof RecoveryTarget.Immediate
                || request.target() instanceof RecoveryTarget.Latest;
        if (!backup.carriesWal() || !serves || !history.timeline().equals(backup.stopTimeline())) {
            return Optional.empty();
        }
        Set<WalSegment> files = new HashSet<>(backup.carriedWal());
        long last = first - 1;
        while (files.contains(path.at(last + 1))) {
            last++;
        }
        return last < consistent
                ? Optional.empty()
                : Optional.of(new Route(backup, history, segments(history, path, last), true, false, Optional.empty()));
    }

    /** Whether archived WAL behind the backup would be given up by ending with it, though the target is the latest. */
    private boolean leadsOn(TimelinePath path) {
        return request.target() instanceof RecoveryTarget.Latest
                && (path.firstOfTip() > consistent
                        || path.lastArchived(consistent + 1).isPresent());
    }

    private List<WalSegment> segments(TimelineHistory history, TimelinePath path, long last) {
        return history.segments(path.at(first).start(), path.at(last).start(), size);
    }
}

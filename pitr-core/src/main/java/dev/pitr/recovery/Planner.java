package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.Unreadable;
import dev.pitr.catalog.WalIndex;
import dev.pitr.recovery.Refusal.Kind;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses the backup: the newest from which there is a way to the target. */
final class Planner {
    /** Positions decide what is newer, never clocks. */
    static final Comparator<Backup> NEWEST_FIRST =
            Comparator.comparing(Backup::stopLsn).thenComparing(Backup::id).reversed();

    /** What a backup is refused for though the target lies within its reach. */
    private static final Set<Kind> SOMETHING_MISSING = EnumSet.of(
            Kind.HISTORY_MISSING, Kind.WAL_GAP, Kind.SWITCH_SEGMENT_MISSING, Kind.WAL_DAMAGED, Kind.BACKUP_CANCELED);

    /** Either a plan or why there is none. */
    record Outcome(Optional<RestorePlan> plan, List<Refusal> refusals) {}

    private final Catalogue catalogue;
    private final Timelines timelines;
    private final ArchivedWal wal;
    private final Optional<WalIndex> index;
    private final Optional<LastMatches> lastMatches;

    Planner(Catalogue catalogue, Optional<WalIndex> index) {
        this.catalogue = catalogue;
        this.index = index;
        this.lastMatches = index.map(records -> new LastMatches(catalogue, records));
        this.timelines = new Timelines(catalogue);
        this.wal = new ArchivedWal(catalogue.wal());
    }

    RestorePlan plan(RestoreRequest request) {
        Outcome outcome = attempt(request);
        return outcome.plan().orElseThrow(() -> {
            Alternatives alternatives = new Alternatives(this, request);
            return RefusalText.exception(request, alternatives.addTo(outcome.refusals()));
        });
    }

    Outcome attempt(RestoreRequest request) {
        Optional<Unreadable> doubt = unreadableBackup(request);
        if (doubt.isPresent()) {
            return new Outcome(Optional.empty(), List.of(Refusals.backupUnreadable(doubt.get())));
        }
        List<Backup> candidates = candidates(request);
        if (candidates.isEmpty()) {
            return new Outcome(Optional.empty(), List.of(noCandidate(request)));
        }
        List<Refusal> refusals = new ArrayList<>();
        for (Backup backup : candidates) {
            RouteFinder finder = new RouteFinder(this, request, backup);
            Optional<Refusal> hopeless = afterWal(request, backup, finder, refusals);
            Verdict verdict = hopeless.<Verdict>map(Verdict.Refused::new).orElseGet(finder::find);
            if (verdict instanceof Verdict.Found found) {
                return new Outcome(Optional.of(toPlan(request, found.route(), refusals)), refusals);
            }
            refusals.add(((Verdict.Refused) verdict).refusal());
        }
        return new Outcome(Optional.empty(), refusals);
    }

    /** A backup that can't be read is passed over, unless the end of recovery depends on which one is taken. */
    private Optional<Unreadable> unreadableBackup(RestoreRequest request) {
        boolean decides = request.target() instanceof RecoveryTarget.Immediate || request.preferCarriedWal();
        return request.backupId().isPresent() || !decides
                ? Optional.empty()
                : catalogue.unreadable().stream()
                        .filter(object -> object.kind() == Unreadable.Kind.BACKUP)
                        .findFirst();
    }

    /** Once a newer backup has shown a time to lie behind the WAL, the summaries rule out most of the others. */
    private Optional<Refusal> afterWal(
            RestoreRequest request, Backup backup, RouteFinder finder, List<Refusal> refusals) {
        boolean isShown = refusals.stream().anyMatch(refusal -> refusal.kind() == Kind.TARGET_AFTER_WAL);
        return isShown && request.target() instanceof RecoveryTarget.Time time && !finder.mayEndLater(time)
                ? Optional.of(Refusals.timeAfterWal(backup, time))
                : Optional.empty();
    }

    /** The backups that may be used, newest first. */
    List<Backup> candidates(RestoreRequest request) {
        return catalogue.backups().stream()
                .filter(backup -> request.backupId().map(backup.id()::equals).orElse(true))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    Timelines timelines() {
        return timelines;
    }

    ArchivedWal wal() {
        return wal;
    }

    /** What is inside the WAL, empty if nobody may look. */
    Optional<WalIndex> index() {
        return index;
    }

    /** Whether a backup that starts with a segment can meet a target on a path at all, as far as summaries tell. */
    boolean mayMeet(RecoveryTarget target, TimelineId timeline, TimelinePath path, long first) {
        return lastMatches
                .map(matches -> matches.of(target, timeline, path) >= first)
                .orElse(true);
    }

    private Refusal noCandidate(RestoreRequest request) {
        return catalogue.backups().isEmpty()
                ? Refusals.noBackup()
                : Refusals.backupUnknown(request.backupId().orElseThrow(), catalogue.backups());
    }

    private RestorePlan toPlan(RestoreRequest request, Route route, List<Refusal> refusals) {
        List<Refusal> passedOver = refusals.stream()
                .filter(refusal -> SOMETHING_MISSING.contains(refusal.kind()))
                .toList();
        return new RestorePlan(new PlanParts(
                catalogue.identity(),
                request,
                route,
                timelines.filesFor(route.history()),
                timelines.nextAfter(route.history().timeline()),
                route.isCarried() ? 0 : storedBytes(route.segments()),
                StopPredictor.predict(request.target(), route),
                passedOver,
                new PlanWarnings(request, route, this).list()));
    }

    private long storedBytes(List<WalSegment> segments) {
        long sum = 0;
        for (WalSegment segment : segments) {
            sum += catalogue.wal().storedSizeBytes(segment).orElse(0);
        }
        return sum;
    }
}

package dev.pitr.recovery;

import dev.pitr.recovery.Refusal.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds, for each refusal, the nearest request that can be planned, by trying. */
final class Alternatives {
    /** The refusals that came closest; behind them, and behind so many timelines, nobody looks for help. */
    private static final int MAX_TRIED = 8;

    private final Planner planner;
    private final RestoreRequest refused;

    Alternatives(Planner planner, RestoreRequest refused) {
        this.planner = planner;
        this.refused = refused;
    }

    /** Puts the refusals that came closest first, and adds the alternatives to those. */
    List<Refusal> addTo(List<Refusal> newestFirst) {
        List<Refusal> closestFirst = closestFirst(newestFirst);
        List<Refusal> result = new ArrayList<>();
        Explanations explanations = new Explanations(planner, refused);
        for (Refusal refusal : closestFirst) {
            result.add(result.size() < MAX_TRIED ? withAlternative(explanations.explain(refusal)) : refusal);
        }
        return result;
    }

    /** By kind; among backups that are all too new for the target, the oldest is the closest. */
    private static List<Refusal> closestFirst(List<Refusal> newestFirst) {
        List<Refusal> oldestFirst = new ArrayList<>(newestFirst);
        Collections.reverse(oldestFirst);
        Stream<Refusal> others = newestFirst.stream().filter(refusal -> refusal.kind() != Kind.BEFORE_CONSISTENT);
        Stream<Refusal> tooNew = oldestFirst.stream().filter(refusal -> refusal.kind() == Kind.BEFORE_CONSISTENT);
        return Stream.concat(others, tooNew)
                .sorted(Comparator.comparing(Refusal::kind).reversed())
                .toList();
    }

    private Refusal withAlternative(Refusal refusal) {
        for (RestoreRequest request : nearTo(refusal)) {
            Optional<RestorePlan> plan = planner.attempt(request).plan();
            if (plan.isPresent() && !request.equals(refused)) {
                return refusal.withAlternative(new Alternative(request, plan.get()));
            }
        }
        return refusal;
    }

    private List<RestoreRequest> nearTo(Refusal refusal) {
        RestoreRequest same = refused.from(refusal.backupId());
        return switch (refusal.kind()) {
            case OTHER_CLUSTER, OTHER_VERSION, NO_BACKUP -> List.of();
            case BACKUP_UNKNOWN -> List.of(same);
            case BACKUP_UNREADABLE ->
                planner.candidates(same).stream()
                        .limit(1)
                        .map(backup -> same.from(Optional.of(backup.id())))
                        .toList();
            case TIMELINE_UNKNOWN, TIMELINE_UNREACHABLE, HISTORY_MISSING -> onOtherTimelines(same);
            case TARGET_NOT_FOUND, BACKUP_CANCELED -> List.of();
            case BEFORE_CONSISTENT -> List.of(same.withTarget(RecoveryTarget.immediate()));
            case WAL_GAP, SWITCH_SEGMENT_MISSING ->
                List.of(
                        same.endingBeforeGap(),
                        same.withTarget(RecoveryTarget.latest()).endingBeforeGap(),
                        same.on(TimelineTarget.current()),
                        same.withTarget(RecoveryTarget.immediate()));
            case WAL_DAMAGED, WAL_LEVEL_MINIMAL ->
                List.of(
                        same.withTarget(RecoveryTarget.latest()).endingBeforeGap(),
                        same.withTarget(RecoveryTarget.immediate()));
            case TARGET_AFTER_WAL ->
                List.of(
                        same.withTarget(RecoveryTarget.latest()),
                        same.withTarget(RecoveryTarget.latest()).endingBeforeGap());
        };
    }

    /** The newest timeline first that passes through the backup. */
    private List<RestoreRequest> onOtherTimelines(RestoreRequest same) {
        List<RestoreRequest> result = new ArrayList<>();
        planner.timelines().known().descendingSet().stream()
                .limit(MAX_TRIED)
                .forEach(timeline -> result.add(same.on(TimelineTarget.number(timeline))));
        result.add(same.on(TimelineTarget.current()));
        result.add(same.on(TimelineTarget.current()).withTarget(RecoveryTarget.immediate()));
        return result;
    }
}

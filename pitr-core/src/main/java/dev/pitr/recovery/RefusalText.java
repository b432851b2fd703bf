package dev.pitr.recovery;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Refusals as the message of an error: first what came closest and what can be done, then the other backups. */
final class RefusalText {
    private static final int MAX_OTHERS = 5;

    private RefusalText() {}

    static RestoreRefusedException exception(RestoreRequest request, List<Refusal> closestFirst) {
        String message = "Cannot restore to " + Words.target(request.target()) + " on timeline " + request.timeline()
                + ": " + closestFirst.get(0) + nearest(closestFirst) + others(closestFirst);
        return new RestoreRefusedException(message, closestFirst);
    }

    private static String nearest(List<Refusal> refusals) {
        return refusals.stream()
                .flatMap(refusal -> refusal.alternative().stream())
                .findFirst()
                .map(alternative -> " Nearest that can be restored: " + alternative.describe() + ".")
                .orElse("");
    }

    private static String others(List<Refusal> refusals) {
        List<Refusal> others = refusals.subList(1, refusals.size());
        String lines = others.stream()
                .limit(MAX_OTHERS)
                .map(refusal -> "\n  " + refusal)
                .collect(Collectors.joining());
        Optional<String> rest = others.size() > MAX_OTHERS
                ? Optional.of("\n  and " + Words.count(others.size() - MAX_OTHERS, "more backup") + ".")
                : Optional.empty();
        return lines + rest.orElse("");
    }
}

package dev.pitr.s3;

import dev.pitr.testkit.ProxiedRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Requests by kind, for each of several jobs: what a store counts, and most of them charge for. */
final class RequestTable {
    private final List<String> lines =
            new ArrayList<>(List.of("| job | PUT, POST | LIST | GET, HEAD | DELETE |", "|---|---:|---:|---:|---:|"));

    /** As prices tell them apart. */
    private enum Kind {
        WRITE,
        LIST,
        READ,
        DELETE;

        static Kind of(ProxiedRequest request) {
            return switch (request.method()) {
                case "GET" -> isList(request) ? LIST : READ;
                case "HEAD" -> READ;
                case "DELETE" -> DELETE;
                // A batch of deletes is a POST, and like a single one it costs nothing.
                case "POST" ->
                    request.query().equals("delete") || request.query().equals("delete=") ? DELETE : WRITE;
                default -> WRITE;
            };
        }

        private static boolean isList(ProxiedRequest request) {
            return request.query().contains("list-type=") || request.query().startsWith("uploads");
        }
    }

    void add(String job, List<ProxiedRequest> requests) {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        requests.forEach(request -> counts.merge(Kind.of(request), 1, Integer::sum));
        StringBuilder line = new StringBuilder("| ").append(job).append(" |");
        for (Kind kind : Kind.values()) {
            line.append(' ').append(counts.getOrDefault(kind, 0)).append(" |");
        }
        lines.add(line.toString());
    }

    @Override
    public String toString() {
        return String.join(System.lineSeparator(), lines);
    }
}

package dev.pitr.e2e.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was tried on one version, and what came out. */
final class Totals {
    private final Map<String, Integer> kinds = new TreeMap<>();
    private final Map<String, Integer> verdicts = new TreeMap<>();
    private final List<String> disagreements = new ArrayList<>();
    private int targets;
    private int edges;

    void add(Trial trial, String verdict) {
        targets++;
        edges += trial.edge().isEmpty() ? 0 : 1;
        kinds.merge(trial.target().keyword(), 1, Integer::sum);
        verdicts.merge(verdict, 1, Integer::sum);
    }

    void disagreement(String text) {
        disagreements.add(text);
    }

    List<String> disagreements() {
        return disagreements;
    }

    int targets() {
        return targets;
    }

    int edges() {
        return edges;
    }

    @Override
    public String toString() {
        return targets + " targets " + kinds + ", " + edges + " of them edges; verdicts " + verdicts + "; "
                + disagreements.size() + " disagreements";
    }
}

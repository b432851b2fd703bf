package dev.pitr.restore;

import java.util.List;
import java.util.stream.Collectors;

/** What was checked before the first byte of a restore, and what was found. Immutable. */
public final class Preflight {
    private final List<Finding> findings;
    private final boolean resumes;

    Preflight(List<Finding> findings, boolean resumes) {
        this.findings = List.copyOf(findings);
        this.resumes = resumes;
    }

    /**
     * Returns everything that was found, errors first.
     *
     * @return empty if nothing is to be said
     */
    public List<Finding> findings() {
        return findings;
    }

    /**
     * Tells whether the restore may go on.
     *
     * @return true if no finding is an error
     */
    public boolean isClear() {
        return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.ERROR);
    }

    /**
     * Tells whether the target holds an interrupted restore of the same plan, which would be continued.
     *
     * @return true if so
     */
    public boolean resumesInterruptedRestore() {
        return resumes;
    }

    /**
     * Returns the findings for people, one a line.
     *
     * @return text without a final line end
     */
    public String describe() {
        return findings.isEmpty()
                ? "Preflight: nothing stands in the way"
                : findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
    }

    String describeErrors() {
        return findings.stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR)
                .map(Finding::message)
                .collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return describe();
    }
}

package dev.pitr.archive;

import dev.pitr.error.PitrException;
import dev.pitr.wal.WalFileName;
import java.util.List;

/** What became of the files that were ready to be archived. Immutable. */
public final class ArchiveReport {
    private final List<Archived> archived;
    private final List<Failure> failures;
    private final List<String> untried;

    ArchiveReport(List<Archived> archived, List<Failure> failures, List<String> untried) {
        this.archived = List.copyOf(archived);
        this.failures = List.copyOf(failures);
        this.untried = List.copyOf(untried);
    }

    /**
     * A file that is in the repository now.
     *
     * @param name the file
     * @param outcome whether it was stored by this run
     */
    public record Archived(WalFileName name, ArchiveOutcome outcome) {}

    /**
     * A file that isn't known to be in the repository.
     *
     * @param fileName its name, without any folder
     * @param error why
     */
    public record Failure(String fileName, PitrException error) {}

    /**
     * Returns the files that are durable in the repository, history files first, then by name.
     *
     * @return possibly empty
     */
    public List<Archived> archived() {
        return archived;
    }

    /**
     * Returns the files that failed, in the same order. They are still ready, and the next run tries them again.
     *
     * @return possibly empty
     */
    public List<Failure> failures() {
        return failures;
    }

    /**
     * Returns the names of files that were not tried because storage had failed before.
     *
     * @return possibly empty
     */
    public List<String> untried() {
        return untried;
    }

    /**
     * Tells whether every ready file is in the repository.
     *
     * @return true if there were no failures
     */
    public boolean isComplete() {
        return failures.isEmpty() && untried.isEmpty();
    }

    @Override
    public String toString() {
        return archived.size() + " archived, " + failures.size() + " failed, " + untried.size() + " not tried";
    }
}

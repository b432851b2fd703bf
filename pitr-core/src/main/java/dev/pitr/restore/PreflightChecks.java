package dev.pitr.restore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Puts together everything that is looked at before the first byte is written. */
final class PreflightChecks {
    private PreflightChecks() {}

    static Preflight run(RestoreOptions options, TargetState state) {
        List<Finding> findings = new ArrayList<>(state.findings());
        if (findings.isEmpty()) {
            findings.addAll(SpaceCheck.check(options));
        }
        findings.addAll(checkObjects(options));
        findings.addAll(ServerCheck.check(options));
        findings.addAll(checkOwner(options));
        findings.sort(Comparator.comparing(Finding::severity));
        return new Preflight(findings, state.resumes());
    }

    private static List<Finding> checkObjects(RestoreOptions options) {
        return options.incarnation().backups().missingObjects(options.backup()).stream()
                .map(missing -> Finding.error(
                        "restore.missing-object",
                        "Cannot restore backup " + options.backup().id() + ": " + missing
                                + ". Bring the object back, or restore from another backup."))
                .toList();
    }

    private static List<Finding> checkOwner(RestoreOptions options) {
        boolean asRoot = "root".equals(System.getProperty("user.name"));
        return asRoot && options.owner().isEmpty()
                ? List.of(Finding.warning(
                        "restore.owned-by-root",
                        "The restored files will belong to root, as whom PostgreSQL refuses to run. Name their owner,"
                                + " or change it before the start."))
                : List.of();
    }
}

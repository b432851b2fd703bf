package dev.pitr.restore;

import dev.pitr.catalog.Backup.StoredObject;
import dev.pitr.storage.ObjectNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

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

    private static List<Finding> checkOwner(RestoreOptions options) {
        boolean asRoot = "root".equals(System.getProperty("user.name"));
        return asRoot && options.owner().isEmpty()
                ? List.of(Finding.warning(
                        "restore.owned-by-root",
                        "The restored files will belong to root, as whom PostgreSQL refuses to run. Name their owner,"
                                + " or change it before the start."))
                : List.of();
    }

    private static List<Finding> checkObjects(RestoreOptions options) {
        ConcurrentLinkedQueue<Finding> findings = new ConcurrentLinkedQueue<>();
        Parallel.<StoredObject>forEach(
                options.jobs(), objects -> options.backup().objects().forEach(objects), object -> {
                    if (!isStored(options, object)) {
                        findings.add(Finding.error(
                                "restore.missing-object",
                                "Cannot restore backup " + options.backup().id() + ": its object " + object.name()
                                        + " is not in the repository with its " + object.sizeBytes()
                                        + " bytes. Bring it back, or restore from another backup."));
                    }
                });
        return findings.stream().sorted(Comparator.comparing(Finding::message)).toList();
    }

    /** Reads the last byte, and what would come after it. */
    private static boolean isStored(RestoreOptions options, StoredObject object) {
        if (object.sizeBytes() == 0) {
            return true;
        }
        try (InputStream end =
                options.incarnation().backups().open(options.backup(), object.name(), object.sizeBytes() - 1, 2)) {
            return end.readNBytes(2).length == 1;
        } catch (ObjectNotFoundException e) {
            return false;
        } catch (IOException e) {
            throw VerifiedFrames.damaged(object.name(), "its end can't be read (" + e.getMessage() + ")", e);
        }
    }
}

package dev.pitr.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands in the folders that a restore would fill. */
final class TargetState {
    private final RestoreOptions options;
    private final List<Finding> findings = new ArrayList<>();
    private final boolean resumes;

    private TargetState(RestoreOptions options) {
        this.options = options;
        this.resumes = isBegun();
        checkFolder("the data directory", options.target());
        options.tablespaces().forEach((oid, folder) -> checkFolder("tablespace " + oid, folder));
        checkFolder("WAL for the server", options.walFolder());
    }

    static TargetState look(RestoreOptions options) {
        return new TargetState(options);
    }

    private boolean isBegun() {
        return isNoted(options.target()) && !isStartedOn(options.target());
    }

    private boolean isNoted(Path folder) {
        return new RestoreMarker(folder).note().equals(Optional.of(options.note()));
    }

    /** A server that starts on a restored directory renames backup_label before it changes anything else. */
    private static boolean isStartedOn(Path target) {
        return Files.exists(target.resolve("postmaster.pid"), LinkOption.NOFOLLOW_LINKS)
                || (isControlled(target) && !Files.exists(target.resolve("backup_label"), LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean isControlled(Path target) {
        return Files.exists(target.resolve(ManifestFiles.CONTROL_FILE), LinkOption.NOFOLLOW_LINKS);
    }

    /** Tells whether an interrupted run of this very restore can be continued. */
    boolean resumes() {
        return resumes;
    }

    List<Finding> findings() {
        return List.copyOf(findings);
    }

    private void checkFolder(String what, Path folder) {
        if (!Files.exists(folder)) {
            checkParent(what, folder);
        } else if (!Files.isDirectory(folder)) {
            refuse("restore.target-not-a-folder", what, folder, "something that is not a folder stands there");
        } else if (!Files.isWritable(folder)) {
            refuse("restore.not-writable", what, folder, "it is not writable");
        } else if (!isEmptyOrOurs(folder)) {
            refuse("restore.target-not-empty", what, folder, notEmpty(folder));
        }
    }

    private void checkParent(String what, Path folder) {
        Path ancestor = nearestExisting(folder);
        if (!Files.isDirectory(ancestor) || !Files.isWritable(ancestor)) {
            refuse("restore.not-writable", what, folder, ancestor + " is not a folder that can be written");
        }
    }

    /** The path itself, or the nearest one above it that exists. */
    static Path nearestExisting(Path path) {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    private boolean isEmptyOrOurs(Path folder) {
        // The notes of tablespaces go before that of the data directory, once all is in place.
        return (resumes && (isNoted(folder) || isControlled(options.target()))) || isEmpty(folder);
    }

    /** A run that was interrupted before it wrote its note has left an empty folder of its own at most. */
    private static boolean isEmpty(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.allMatch(entry -> entry.getFileName().toString().equals(MemberName.RESTORE_FOLDER)
                    && new RestoreMarker(folder).note().isEmpty());
        } catch (IOException e) {
            throw TargetErrors.of("read", folder, e);
        }
    }

    private static String notEmpty(Path folder) {
        if (new RestoreMarker(folder).note().isEmpty()) {
            return "it is not empty";
        }
        return isStartedOn(folder)
                ? "it was restored and a server has started on it"
                : "it holds an interrupted restore with another backup or other tablespace folders";
    }

    private void refuse(String code, String what, Path folder, String reason) {
        findings.add(Finding.error(
                code, "Cannot restore " + what + " into " + folder + ": " + reason + ". Choose an empty folder."));
    }
}

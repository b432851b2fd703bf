package dev.pitr.storage;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Says in our words what a filesystem reports. */
final class FileErrors {
    /** Reasons are in the language of the process, so a nearly full disk counts as well as the English words. */
    private static final long NEARLY_FULL_BYTES = 1 << 20;

    private final Path root;
    private final String description;

    FileErrors(Path root) {
        this.root = root;
        this.description = "file://" + root;
    }

    String description() {
        return description;
    }

    StorageException exists(ObjectKey key) {
        return new ObjectExistsException(
                "Cannot create " + key + " in " + description + ": it exists. Compare, or choose another key.", null);
    }

    StorageException notFound(ObjectKey key) {
        return new ObjectNotFoundException(
                "Cannot read " + key + " in " + description + ": there is no such object. Check the key.", null);
    }

    StorageException conflict(ObjectKey key, String reason) {
        return new StorageException(
                "storage.key-conflict",
                "Cannot write " + key + " in " + description + ": " + reason + ". Choose another key.",
                null);
    }

    StorageException notAnObject(Path path) {
        return new StorageException(
                "storage.not-an-object",
                "Cannot use " + root.relativize(path) + " in " + description
                        + ": it is a symbolic link or a special file, which are not followed. Remove it, or mount"
                        + " instead of linking.",
                null);
    }

    StorageException rootMissing() {
        return new StorageException(
                "storage.root-missing",
                "Cannot use " + description + ": there is no such folder. Mount the filesystem, or create the folder.",
                null);
    }

    StorageException unknownOutcome(String verb, ObjectKey key, IOException cause) {
        return new UnknownOutcomeException(
                "Cannot tell whether it worked to " + verb + " " + key + " in " + description + " durably: "
                        + reason(cause) + ". Repeat it.",
                cause);
    }

    CancelledException cancelled(String verb, ObjectKey key) {
        return new CancelledException("The attempt to " + verb + " " + key + " in " + description);
    }

    PitrException reading(String verb, ObjectKey key, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return cancelled(verb, key);
        }
        if (cause instanceof NoSuchFileException) {
            return notFound(key);
        }
        return failure(verb + " " + key + " in " + description, cause);
    }

    PitrException writing(String verb, ObjectKey key, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return cancelled(verb, key);
        }
        return writing(verb + " " + key + " in " + description, cause);
    }

    PitrException writingFolder(Path folder, IOException cause) {
        return writing("write to " + folder, cause);
    }

    PitrException readingFolder(Path folder, IOException cause) {
        return failure("list " + folder, cause);
    }

    private PitrException writing(String task, IOException cause) {
        if (isFull(cause)) {
            return new StorageFullException(
                    "Cannot " + task + ": " + reason(cause) + ". Make room, or raise the limit, and try again.", cause);
        }
        return failure(task, cause);
    }

    private PitrException failure(String task, IOException cause) {
        if (cause instanceof AccessDeniedException || says(cause, "not permitted") || says(cause, "read-only")) {
            return new StorageDeniedException(
                    "Cannot " + task + ": " + reason(cause) + ". Give the process's user the right to do so.", cause);
        }
        return new StorageUnavailableException(
                "Cannot " + task + ": " + reason(cause) + ". Check the filesystem and try again.", cause);
    }

    private boolean isFull(IOException cause) {
        return says(cause, "no space left")
                || says(cause, "quota exceeded")
                || says(cause, "file too large")
                || (!(cause instanceof AccessDeniedException) && isNearlyFull());
    }

    private boolean isNearlyFull() {
        try {
            return Files.getFileStore(root).getUsableSpace() < NEARLY_FULL_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean says(IOException cause, String words) {
        return reason(cause).toLowerCase(Locale.ROOT).contains(words);
    }

    static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied for " + ((FileSystemException) cause).getFile();
        }
        if (cause instanceof NoSuchFileException) {
            return ((FileSystemException) cause).getFile() + " is missing";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}

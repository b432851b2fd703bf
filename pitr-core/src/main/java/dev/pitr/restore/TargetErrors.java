package dev.pitr.restore;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Turns what the target's filesystem reports into typed errors. */
final class TargetErrors {
    private TargetErrors() {}

    static PitrException of(String verb, Path path, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            Thread.currentThread().interrupt();
            return new CancelledException("The restore");
        }
        String reason = reason(e);
        if (reason.contains("No space left") || reason.contains("quota exceeded")) {
            return new RestoreException(
                    "restore.no-space",
                    "Cannot " + verb + " " + path + ": the filesystem is full. Make room and run the same restore"
                            + " again: it continues where it stopped.",
                    e);
        }
        return new RestoreException(
                "restore.io",
                "Cannot " + verb + " " + path + ": " + reason
                        + ". Remove the cause and run the same restore again: it continues where it stopped.",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null || e instanceof FileSystemException
                ? e.getClass().getSimpleName()
                : e.getMessage();
    }
}

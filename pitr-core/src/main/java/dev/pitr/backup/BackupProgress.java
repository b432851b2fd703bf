package dev.pitr.backup;

import dev.pitr.progress.Progress;
import dev.pitr.progress.ProgressListener;
import java.util.OptionalLong;

/** Tells a listener of a backup's phases and bytes, not too often, one call at a time. */
final class BackupProgress {
    private static final long INTERVAL_NANOS = 100_000_000;

    private final ProgressListener listener;
    private String phase = "";
    private long doneBytes;
    private OptionalLong totalBytes = OptionalLong.empty();
    private long toldAt;

    BackupProgress(ProgressListener listener) {
        this.listener = listener;
    }

    /** Ends the present phase and begins another. */
    synchronized void begin(String next, OptionalLong total) {
        end();
        phase = next;
        doneBytes = 0;
        totalBytes = total;
        tell();
    }

    /** Counts bytes of the present phase. */
    synchronized void add(long bytes) {
        doneBytes += bytes;
        if (System.nanoTime() - toldAt >= INTERVAL_NANOS) {
            tell();
        }
    }

    /** Ends the present phase. */
    synchronized void end() {
        if (!phase.isEmpty()) {
            tell();
            phase = "";
        }
    }

    private void tell() {
        toldAt = System.nanoTime();
        listener.onProgress(new Progress(phase, doneBytes, totalBytes));
    }
}

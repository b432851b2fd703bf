package dev.pitr.restore;

import dev.pitr.progress.Progress;
import dev.pitr.progress.ProgressListener;
import java.util.OptionalLong;

/** Adds up what several threads have done in one phase, and tells a listener at most ten times a second. Thread-safe. */
final class Meter {
    private static final long INTERVAL_NANOS = 100_000_000;

    private final ProgressListener listener;
    private final String phase;
    private final OptionalLong totalBytes;
    private long doneBytes;
    private long toldAt;

    Meter(ProgressListener listener, String phase, OptionalLong totalBytes) {
        this.listener = listener;
        this.phase = phase;
        this.totalBytes = totalBytes;
        tell();
    }

    synchronized void add(long bytes) {
        doneBytes += bytes;
        if (System.nanoTime() - toldAt >= INTERVAL_NANOS) {
            tell();
        }
    }

    synchronized void finish() {
        tell();
    }

    private void tell() {
        toldAt = System.nanoTime();
        listener.onProgress(new Progress(phase, doneBytes, totalBytes));
    }
}

package dev.pitr.examples.cli;

import dev.pitr.progress.Progress;
import dev.pitr.progress.ProgressListener;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Draws a job's progress on one terminal line. */
final class ProgressBar implements ProgressListener, AutoCloseable {
    private static final int WIDTH = 30;

    private final @Nullable PrintStream terminal;
    private String lastPhase = "";

    private ProgressBar(@Nullable PrintStream terminal) {
        this.terminal = terminal;
    }

    /** A bar on standard error where that is a terminal, nothing elsewhere: logs need no control characters. */
    static ProgressBar onTerminal() {
        return new ProgressBar(CommandLine.Help.Ansi.AUTO.enabled() ? System.err : null);
    }

    @Override
    public void onProgress(Progress progress) {
        if (terminal == null) {
            return;
        }
        if (!progress.phase().equals(lastPhase) && !lastPhase.isEmpty()) {
            terminal.println();
        }
        lastPhase = progress.phase();
        terminal.print("\r\u001b[K" + line(progress));
        terminal.flush();
    }

    private static String line(Progress progress) {
        String done = Sizes.print(progress.doneBytes());
        if (progress.totalBytes().isEmpty() || progress.totalBytes().getAsLong() == 0) {
            return String.format(Locale.ROOT, "%-24s %s", progress.phase(), done);
        }
        // A server's estimate may be too low.
        long total = Math.max(progress.totalBytes().getAsLong(), progress.doneBytes());
        int filled = (int) (WIDTH * progress.doneBytes() / total);
        return String.format(
                Locale.ROOT,
                "%-24s [%s%s] %3d%% %s of %s",
                progress.phase(),
                "=".repeat(filled),
                " ".repeat(WIDTH - filled),
                100 * progress.doneBytes() / total,
                done,
                Sizes.print(total));
    }

    @Override
    public void close() {
        if (terminal != null && !lastPhase.isEmpty()) {
            terminal.println();
        }
    }
}

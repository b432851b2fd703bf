package dev.pitr.archive;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.progress.Progress;
import dev.pitr.progress.ProgressListener;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Lays all planned WAL into a folder, from which a recovering server copies it without any help.
 *
 * <p>Each file is verified as far as the source can, on disk before it appears, and stays there while the server
 * recovers, so that a recovery that is started again finds everything. A planned file that vanishes from the folder stops
 * the server with FATAL. Bytes that are damaged in the folder afterwards are found by the server alone.
 */
public final class WalStager {
    static final String NAMES = "planned-names";

    private final Path folder;
    private final WalSource source;
    private final PlannedWal planned;
    private final Parallel parallel;
    private final ProgressListener listener;
    private long doneBytes;

    private WalStager(Builder builder) {
        this.folder = builder.folder;
        this.source = builder.source;
        this.planned = builder.planned;
        this.parallel = builder.parallel == null ? Parallel.CALLER_ONLY : builder.parallel;
        this.listener = builder.listener == null ? ProgressListener.NONE : builder.listener;
    }

    /**
     * Starts to describe a staging.
     *
     * @param folder an absolute folder; made if absent; files of the same names are replaced
     * @param source where WAL is read from
     * @param planned what to lay out
     * @return a builder
     */
    public static Builder builder(Path folder, WalSource source, PlannedWal planned) {
        return new Builder(folder, source, planned);
    }

    /**
     * Lays out the planned files.
     *
     * @return the command by which the server gets it
     * @throws WalMissingException if the source doesn't hold a planned file
     * @throws PitrException with code {@code archive.stage} if the folder can't be written
     * @throws CancelledException if the thread was interrupted; the folder is then not usable until this is run again
     */
    public RestoreCommand stage() {
        RestoreCommand command = RestoreCommand.staged(folder);
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(NAMES));
            List<WalFileName> files = planned.files();
            tell();
            parallel.forEach(files, "Staging of WAL in " + folder, this::stage);
            planned.writeNames(folder.resolve(NAMES));
            forceFolder();
            return command;
        } catch (IOException e) {
            throw new PitrException("archive.stage", "Cannot stage WAL in " + folder + ": " + e, e);
        }
    }

    private void stage(WalFileName name) {
        Path file = folder.resolve(name.name());
        WalFetcher fetcher = new WalFetcher(source, AtomicFile.FORCED);
        if (fetcher.fetch(name, file) == FetchOutcome.ABSENT) {
            throw new WalMissingException(name, source);
        }
        if (name instanceof WalFileName.Segment) {
            synchronized (listener) {
                doneBytes += planned.segmentSize().bytes();
                tell();
            }
        }
    }

    private void tell() {
        long total = (long) planned.segments().size() * planned.segmentSize().bytes();
        listener.onProgress(new Progress("staging WAL", doneBytes, OptionalLong.of(total)));
    }

    private void forceFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Options of a staging, each set at most once. */
    public static final class Builder {
        private final Path folder;
        private final WalSource source;
        private final PlannedWal planned;
        private @Nullable Parallel parallel;
        private @Nullable ProgressListener listener;

        private Builder(Path folder, WalSource source, PlannedWal planned) {
            this.folder = folder;
            this.source = source;
            this.planned = planned;
        }

        /**
         * Fetches several files at once. Without it, they come one after the other.
         *
         * @param executor runs the work beside the calling thread; stays the caller's
         * @param files how many files at once, the calling thread's included, 1 or more
         * @return this
         */
        public Builder parallel(ExecutorService executor, int files) {
            if (parallel != null) {
                throw new IllegalStateException("parallel is set twice");
            }
            parallel = Parallel.of(executor, files);
            return this;
        }

        /**
         * Sets who hears of progress, in bytes of WAL.
         *
         * @param to called as it says
         * @return this
         */
        public Builder progress(ProgressListener to) {
            if (listener != null) {
                throw new IllegalStateException("progress is set twice");
            }
            listener = to;
            return this;
        }

        /**
         * Checks the options.
         *
         * @return the staging, not started
         * @throws IllegalArgumentException if the folder is not absolute or its path can't stand in a command
         */
        public WalStager build() {
            RestoreCommand.staged(folder);
            return new WalStager(this);
        }
    }
}

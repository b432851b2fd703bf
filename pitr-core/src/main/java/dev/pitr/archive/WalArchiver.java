package dev.pitr.archive;

import dev.pitr.archive.WalRejectedException.Reason;
import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Sha256;
import dev.pitr.repository.WalHeader;
import dev.pitr.repository.WalStore;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives what a server has finished writing: segments, partial segments, timeline and backup histories.
 *
 * <p>Before a byte is stored, the file is compared with its name and with the cluster: for a segment the page magic, the
 * system identifier, the segment size, the timeline, the position and the length; a history must parse. A whole segment's
 * records are all checked too, as its bytes go by: one whose records end before the segment does is refused, unless
 * {@linkplain Builder#damagedSegments allowed}. What a method acknowledged by returning is durable in the repository, with exactly the
 * file's bytes; nothing is ever replaced. The file must not change meanwhile, and doesn't: a server recycles a file only
 * after it was told that it is archived (see {@link ReadyFiles}).
 *
 * <p>Safe for use by many threads and processes at once.
 */
public final class WalArchiver {
    private static final Logger LOG = LoggerFactory.getLogger(WalArchiver.class);
    private static final int ATTEMPTS = 3;

    private final ClusterIdentity identity;
    private final WalStore store;
    private final Parallel parallel;
    private final ReadyFiles readyFiles;
    private final DamagedSegments damagedSegments;

    private WalArchiver(Builder builder) {
        this.identity = builder.incarnation.identity();
        this.store = builder.incarnation.wal();
        this.parallel = builder.parallel == null ? Parallel.CALLER_ONLY : builder.parallel;
        this.readyFiles = builder.readyFiles == null ? ReadyFiles.LEAVE : builder.readyFiles;
        this.damagedSegments = builder.damagedSegments == null ? DamagedSegments.REFUSE : builder.damagedSegments;
    }

    /**
     * Starts to describe an archiver.
     *
     * @param incarnation where the files go, and whose they must be
     * @return a builder
     */
    public static Builder builder(Incarnation incarnation) {
        return new Builder(incarnation);
    }

    /**
     * Archives one file, under its own name. This is what an {@code archive_command} calls.
     *
     * @param file a file of {@code pg_wal}
     * @return whether this call stored it; either way it is durable
     * @throws WalRejectedException if the file is not what may be archived under its name here
     * @throws WalConflictException if the repository holds other bytes under this name; only then is anything downloaded
     * @throws UnknownOutcomeException if storage couldn't tell, several times over, whether the file was stored; trying
     *     again later settles it
     * @throws PitrException with code {@code archive.unreadable} if the file can't be read
     */
    public ArchiveOutcome archive(Path file) {
        String fileName = String.valueOf(file.getFileName());
        WalFileName name = WalFileName.find(fileName, identity.segmentSize())
                .orElseThrow(() -> new WalRejectedException(
                        Reason.NAME,
                        file.toString(),
                        "no server with segments of " + identity.segmentSize().bytes()
                                + " bytes archives a file of this name"));
        try {
            return archive(OfferedWal.of(name, file));
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    /**
     * Archives the history of a timeline that came over a connection instead of out of a {@code pg_wal}.
     *
     * @param name the history's name
     * @param content the bytes of the file, as the server has it
     * @return whether this call stored it; either way it is durable
     * @throws WalRejectedException if this is not the history of the timeline in its name
     * @throws WalConflictException if the repository holds other bytes under this name
     * @throws UnknownOutcomeException as {@link #archive(Path)} does
     */
    public ArchiveOutcome archive(WalFileName.History name, byte[] content) {
        return archive(new OfferedWal(name, Content.of(content), "the server's " + name.name()));
    }

    private ArchiveOutcome archive(OfferedWal file) {
        try {
            WalFileCheck.require(identity, file);
            return store(file);
        } catch (IOException e) {
            throw unreadable(file.where(), e);
        } catch (UncheckedIOException e) {
            throw unreadable(file.where(), e.getCause());
        }
    }

    /**
     * Archives every file that a server has marked as ready, history files first as the server's archiver does, then by
     * name, several at once. One file's failure doesn't stop the others; a failure of storage does, since they would
     * meet it too.
     *
     * @param walDirectory a {@code pg_wal} folder
     * @return what became of each ready file
     * @throws CancelledException if the thread was interrupted; files archived by then stay archived
     * @throws PitrException with code {@code archive.unreadable} if {@code archive_status} can't be listed
     */
    public ArchiveReport archiveReady(Path walDirectory) {
        return new ReadyRun(this, identity, walDirectory, readyFiles).run(parallel);
    }

    private ArchiveOutcome store(OfferedWal file) throws IOException {
        ArchiveOutcome ifThere = ArchiveOutcome.ALREADY_ARCHIVED;
        for (int attempt = 1; ; attempt++) {
            try {
                store.create(file.name(), file.content(), header -> requireRecords(file, header));
                LOG.debug("Archived {}", file.name().name());
                return ArchiveOutcome.ARCHIVED;
            } catch (ObjectExistsException e) {
                if (isStored(file)) {
                    return ifThere;
                }
                requireMoreAttempts(attempt, e);
            } catch (UnknownOutcomeException e) {
                // Asked again rather than looked at: "exists" says that the file is durable, a look doesn't.
                requireMoreAttempts(attempt, e);
                ifThere = ArchiveOutcome.ARCHIVED;
            }
        }
    }

    private void requireRecords(OfferedWal file, WalHeader header) {
        if (file.name() instanceof WalFileName.Segment) {
            header.summary()
                    .flatMap(RecordFault::find)
                    .ifPresent(fault -> damagedSegments.meet(fault.rejection(file.where())));
        }
    }

    private static void requireMoreAttempts(int attempt, RuntimeException e) {
        if (attempt == ATTEMPTS) {
            throw e;
        }
    }

    /** Compares hashes; empty storage is "no", other bytes are a conflict. */
    private boolean isStored(OfferedWal file) throws IOException {
        Optional<WalHeader> header = store.header(file.name());
        if (header.isEmpty()) {
            return false;
        }
        String offered = Sha256.of(file.content());
        if (header.get().rawSha256().equals(offered)
                && header.get().rawSizeBytes() == file.content().sizeBytes()) {
            return true;
        }
        try (InputStream archived = store.open(file.name());
                InputStream local = file.content().open()) {
            WalComparison.Difference difference = WalComparison.between(file.name(), archived, local)
                    .orElseThrow(() -> new PitrException(
                            "archive.unreadable",
                            "Cannot archive " + file.where() + ": it changed while it was read. Try again"));
            throw new WalConflictException(difference, header.get().rawSha256(), offered);
        }
    }

    static PitrException unreadable(String file, @Nullable IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return new CancelledException("Archiving of " + file);
        }
        return new PitrException(
                "archive.unreadable",
                "Cannot read " + file + ": " + e + ". Check that it exists and its permissions",
                e);
    }

    /** Options of an archiver, each set at most once. */
    public static final class Builder {
        private final Incarnation incarnation;
        private @Nullable Parallel parallel;
        private @Nullable ReadyFiles readyFiles;
        private @Nullable DamagedSegments damagedSegments;

        private Builder(Incarnation incarnation) {
            this.incarnation = incarnation;
        }

        /**
         * Archives several ready files at once. Without it, they go one after the other.
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
         * Says who tells the server that a file is archived. By default they are {@linkplain ReadyFiles#LEAVE left}.
         *
         * @param choice what to do with {@code .ready} files
         * @return this
         */
        public Builder readyFiles(ReadyFiles choice) {
            if (readyFiles != null) {
                throw new IllegalStateException("readyFiles is set twice");
            }
            readyFiles = choice;
            return this;
        }

        /**
         * Says what becomes of a segment whose records are damaged. By default it is {@linkplain DamagedSegments#REFUSE
         * refused}.
         *
         * @param choice whether it may be archived
         * @return this
         */
        public Builder damagedSegments(DamagedSegments choice) {
            if (damagedSegments != null) {
                throw new IllegalStateException("damagedSegments is set twice");
            }
            damagedSegments = choice;
            return this;
        }

        /**
         * Makes the archiver. Nothing is read yet.
         *
         * @return the archiver
         */
        public WalArchiver build() {
            return new WalArchiver(this);
        }
    }
}

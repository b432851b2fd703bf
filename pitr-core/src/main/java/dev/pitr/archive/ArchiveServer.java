package dev.pitr.archive;

import dev.pitr.error.PitrException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives for one running PostgreSQL server, out of this process: answers the server's {@code archive_command}, a
 * {@linkplain #command() line of sh}, through a folder. No client program is installed, and no JVM started for a segment.
 *
 * <p>The server is told that a file is archived only when that is durable. While it asks for one file, those behind it that
 * it has marked as ready are archived ahead, several at once, so that a backlog goes at the storage's speed. A failure
 * is told to the server, with its message, which stands in the server's log; the server tries again. Nothing is archived
 * ahead after a failure until a file that the server asked for is archived.
 *
 * <p>When this is closed, or its process is gone, the command fails and the server keeps its files: nothing is lost, and
 * {@code pg_wal} grows. A process that is suspended for half a minute counts as gone.
 *
 * <p>Starts daemon threads of its own: one that watches the folder and those that archive; {@link #close()} ends them and
 * empties the folder. If the process is root's and the folder belongs to somebody else, what lies in it is given to that
 * owner.
 */
public final class ArchiveServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveServer.class);

    private final Path folder;
    private final Spool spool;
    private final ArchiveQueue queue;

    private ArchiveServer(Builder builder, Spool spool) {
        this.folder = builder.folder;
        this.spool = spool;
        this.queue = new ArchiveQueue(spool, builder.walDirectory, builder.archiver, builder.window());
        queue.start();
    }

    /**
     * Starts to describe a server of {@code archive_command}.
     *
     * @param folder an absolute folder, made if absent, that the PostgreSQL server's user can enter and write to; one to a
     *     PostgreSQL server
     * @param walDirectory the PostgreSQL server's {@code pg_wal}, as this process sees it
     * @param archiver stores the files
     * @return a builder
     */
    public static Builder builder(Path folder, Path walDirectory, WalArchiver archiver) {
        return new Builder(folder, walDirectory, archiver);
    }

    /**
     * Returns the command by which the PostgreSQL server hands over its WAL.
     *
     * @return a command that works while this is open, and fails while it isn't
     */
    public ArchiveCommand command() {
        return ArchiveCommand.served(folder);
    }

    /**
     * Returns the file of which the PostgreSQL server was last told that it is archived.
     *
     * @return its name, empty before the first
     */
    public Optional<String> lastArchived() {
        return queue.lastArchived();
    }

    /**
     * Returns why the PostgreSQL server was last told of a failure.
     *
     * @return the error, empty if there was none since a file was last archived
     */
    public Optional<PitrException> fault() {
        return queue.fault();
    }

    /** Stops serving, ends the threads, empties the folder. To a PostgreSQL server that still asks it is a failure. */
    @Override
    public void close() {
        queue.stop();
        try {
            spool.close();
        } catch (IOException e) {
            LOG.warn("Cannot empty {}: {}", folder, e.toString());
        }
    }

    /** Options of a server of {@code archive_command}, each set at most once. */
    public static final class Builder {
        private static final int DEFAULT_PARALLELISM = 4;
        private static final int DEFAULT_AHEAD = 32;

        private final Path folder;
        private final Path walDirectory;
        private final WalArchiver archiver;
        private @Nullable Integer ahead;
        private @Nullable Integer parallelism;

        private Builder(Path folder, Path walDirectory, WalArchiver archiver) {
            this.folder = folder;
            this.walDirectory = walDirectory;
            this.archiver = archiver;
        }

        /**
         * Bounds how many files are archived before the PostgreSQL server asks for them.
         *
         * @param files 0 or more; by default 32
         * @return this
         */
        public Builder ahead(int files) {
            if (ahead != null) {
                throw new IllegalStateException("ahead is set twice");
            }
            if (files < 0) {
                throw new IllegalArgumentException("ahead is " + files + ": expected 0 or more");
            }
            ahead = files;
            return this;
        }

        /**
         * Sets how many files are archived at once.
         *
         * @param files 1 or more; by default 4
         * @return this
         */
        public Builder parallelism(int files) {
            if (parallelism != null) {
                throw new IllegalStateException("parallelism is set twice");
            }
            if (files < 1) {
                throw new IllegalArgumentException("parallelism is " + files + ": expected 1 or more");
            }
            parallelism = files;
            return this;
        }

        private ArchiveQueue.Window window() {
            return new ArchiveQueue.Window(
                    ahead == null ? DEFAULT_AHEAD : ahead, parallelism == null ? DEFAULT_PARALLELISM : parallelism);
        }

        /**
         * Takes the folder over and starts the threads.
         *
         * @return the running server of {@code archive_command}
         * @throws IllegalArgumentException if the folder is not absolute or its path can't stand in a command
         * @throws PitrException with code {@code archive.serve} if the folder can't be used, or is in use; with
         *     {@code archive.unreadable} if the {@code pg_wal} is none
         */
        public ArchiveServer start() {
            ArchiveCommand.served(folder);
            ReadyNames.of(walDirectory);
            try {
                return new ArchiveServer(this, Spool.open(folder));
            } catch (IOException e) {
                throw new PitrException(
                        "archive.serve", "Cannot serve an archive_command from " + folder + ": " + e.getMessage(), e);
            }
        }
    }
}

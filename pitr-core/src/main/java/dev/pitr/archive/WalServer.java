package dev.pitr.archive;

import dev.pitr.error.PitrException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves WAL to one recovering server, out of this process: fetches the planned segments ahead of the server's asking,
 * several at once, and hands them over through a folder and a {@linkplain #command() line of sh}.
 *
 * <p>What is served: planned files; a planned file that is absent, damaged or unreadable is a fault, at which the server
 * stops with FATAL. Any other name that the plan {@linkplain PlannedWal#admits admits} is looked up in the source when
 * the server asks: the history of a later timeline, so that the server doesn't take that timeline's number, or behind an
 * {@linkplain PlannedWal#openEnded open-ended} plan a later segment. It is served if it is there, and answered as absent
 * if it isn't; a source that can't tell is a fault, too. All else is absent to the server.
 *
 * <p>At most the chosen number of segments lie ready or are on their way, and one more that the server asks for out of
 * turn. A server that is started again and asks again from the beginning is served again.
 *
 * <p>Starts daemon threads of its own: one that watches the folder and those that fetch; {@link #close()} ends them and empties
 * the folder. Closing it, or the end of the process, is a fault to a server that still asks: keep it open until
 * recovery has ended, and use a {@link WalStager} for a recovery that shall outlive the process. A process that is
 * suspended for half a minute counts as gone.
 *
 * <p>If the process is root's and the folder belongs to somebody else, what lies ready is given to that owner.
 */
public final class WalServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalServer.class);

    private final Path folder;
    private final Spool spool;
    private final WalHandOver handOver;

    private WalServer(Builder builder, Spool spool) {
        this.folder = builder.folder;
        this.spool = spool;
        this.handOver = new WalHandOver(spool, builder.source, builder.planned, builder.window());
        handOver.start();
    }

    /**
     * Starts to describe a server of WAL.
     *
     * @param folder an absolute folder, made if absent, that the PostgreSQL server's user can enter and write to; best on
     *     the filesystem of its {@code pg_wal}, where handing over is a rename. One server of WAL to a folder
     * @param source where WAL is read from
     * @param planned what the recovery counts on
     * @return a builder
     */
    public static Builder builder(Path folder, WalSource source, PlannedWal planned) {
        return new Builder(folder, source, planned);
    }

    /**
     * Returns the command by which the PostgreSQL server gets its WAL.
     *
     * @return a command that works while this is open
     */
    public RestoreCommand command() {
        return RestoreCommand.served(folder);
    }

    /**
     * Returns the planned segment that was handed over last.
     *
     * @return its name, empty before the first
     */
    public Optional<String> lastHandedOver() {
        return handOver.lastHandedOver();
    }

    /**
     * Returns why the PostgreSQL server was last told of a fault; its own log shows no more than the exit status.
     *
     * @return the error, empty if there was none
     */
    public Optional<PitrException> lastFault() {
        return handOver.lastFault();
    }

    /** Stops serving, ends the threads, removes what lay ready. To a PostgreSQL server that still asks it is a fault. */
    @Override
    public void close() {
        handOver.stop();
        try {
            spool.close();
        } catch (IOException e) {
            LOG.warn("Cannot empty {}: {}", folder, e.toString());
        }
    }

    /** Options of a server of WAL, each set at most once. */
    public static final class Builder {
        private static final int DEFAULT_PARALLELISM = 4;
        private static final int DEFAULT_AHEAD_BYTES = 256 << 20;
        private static final int MAX_DEFAULT_AHEAD = 64;

        private final Path folder;
        private final WalSource source;
        private final PlannedWal planned;
        private @Nullable Integer ahead;
        private @Nullable Integer parallelism;

        private Builder(Path folder, WalSource source, PlannedWal planned) {
            this.folder = folder;
            this.source = source;
            this.planned = planned;
        }

        /**
         * Bounds how many segments may lie ready or be on their way.
         *
         * @param segments 1 or more; by default as many as fit 256 MiB, at least 2 and at most 64
         * @return this
         */
        public Builder ahead(int segments) {
            requireUnset("ahead", ahead);
            ahead = requirePositive("ahead", segments);
            return this;
        }

        /**
         * Sets how many segments are fetched at once.
         *
         * @param segments 1 or more; by default 4. Never more than lie ahead
         * @return this
         */
        public Builder parallelism(int segments) {
            requireUnset("parallelism", parallelism);
            parallelism = requirePositive("parallelism", segments);
            return this;
        }

        private static void requireUnset(String option, @Nullable Integer value) {
            if (value != null) {
                throw new IllegalStateException(option + " is set twice");
            }
        }

        private static int requirePositive(String option, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(option + " is " + value + ": expected 1 or more");
            }
            return value;
        }

        private WalHandOver.Window window() {
            int byBytes = DEFAULT_AHEAD_BYTES / planned.segmentSize().bytes();
            int segments = ahead != null ? ahead : Math.max(2, Math.min(MAX_DEFAULT_AHEAD, byBytes));
            int atOnce = parallelism != null ? parallelism : DEFAULT_PARALLELISM;
            return new WalHandOver.Window(segments, Math.min(segments, atOnce));
        }

        /**
         * Takes the folder over, starts the threads and begins to fetch.
         *
         * @return the running server of WAL
         * @throws IllegalArgumentException if the folder is not absolute or its path can't stand in a command
         * @throws PitrException with code {@code archive.serve} if the folder can't be used, or is in use
         */
        public WalServer start() {
            RestoreCommand.served(folder);
            try {
                return new WalServer(this, Spool.open(folder));
            } catch (IOException e) {
                throw new PitrException("archive.serve", "Cannot serve WAL from " + folder + ": " + e.getMessage(), e);
            }
        }
    }
}

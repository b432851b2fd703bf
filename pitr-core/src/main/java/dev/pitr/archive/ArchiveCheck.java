package dev.pitr.archive;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.postgres.ServerException;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.repository.WalHeader;
import dev.pitr.repository.WalStore;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a server's WAL really arrives: makes the primary finish a segment, waits until it is durable in the
 * repository, reads it back and compares it with the server's own file.
 *
 * <p>The role needs EXECUTE on {@code pg_switch_wal()} and {@code pg_create_restore_point(text)}, and on
 * {@code pg_read_binary_file(text)} for the comparison, which is skipped without it.
 */
public final class ArchiveCheck {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String RESTORE_POINT = "pitr check";

    private final Repository repository;
    private final ReplicationConnection primary;

    private ArchiveCheck(Repository repository, ReplicationConnection primary) {
        this.repository = repository;
        this.primary = primary;
    }

    /**
     * What a check found; the segment is durable and was read back whole.
     *
     * @param segment the segment that the server finished
     * @param timeToDurable from the switch of the segment until it was seen in the repository
     * @param comparison whether the server's own file was compared
     */
    public record Result(WalSegment segment, Duration timeToDurable, Comparison comparison) {}

    /** What the archived segment was compared with. */
    public enum Comparison {
        /** The server's own file, by SHA-256; it is the same. */
        SAME_AS_SERVER,
        /** Nothing but its own recorded hash: the role may not read the server's file, or it is recycled already. */
        SERVER_FILE_NOT_READABLE
    }

    /**
     * Runs the check.
     *
     * @param repository a repository that is open for the server's cluster
     * @param primary a connection to the primary; stays open
     * @param patience how long to wait for the segment
     * @return what was found
     * @throws PitrException with code {@code archive.check-standby} on a standby, {@code archive.check-late} if the
     *     segment was not there in time, {@code archive.check-differs} if it differs from the server's file
     * @throws ServerException if the role may not switch WAL
     * @throws CancelledException if the thread was interrupted
     */
    public static Result run(Repository repository, ReplicationConnection primary, Duration patience) {
        return new ArchiveCheck(repository, primary).run(patience);
    }

    private Result run(Duration patience) {
        Incarnation incarnation = repository.incarnation(primary.identity());
        if (value("select pg_is_in_recovery()").equals("t")) {
            throw new PitrException(
                    "archive.check-standby",
                    "Cannot check archiving on a standby: only a primary finishes segments. Connect to the primary");
        }
        WalSegment segment = finishSegment();
        long start = System.nanoTime();
        WalHeader header = awaitDurable(incarnation.wal(), segment, start + patience.toNanos(), patience);
        Duration timeToDurable = Duration.ofNanos(System.nanoTime() - start);
        readBack(incarnation.wal(), segment);
        return new Result(segment, timeToDurable, compare(segment, header));
    }

    /** A restore point first: switching does nothing on a server that has written nothing since the last switch. */
    private WalSegment finishSegment() {
        TimelineId timeline =
                TimelineId.parse(String.valueOf(row("IDENTIFY_SYSTEM").get("timeline")));
        value("select pg_create_restore_point('" + RESTORE_POINT + "')");
        Lsn end = Lsn.parse(value("select pg_switch_wal()"));
        return WalSegment.containing(timeline, end.plus(-1), primary.identity().segmentSize());
    }

    private WalHeader awaitDurable(WalStore wal, WalSegment segment, long deadline, Duration patience) {
        while (true) {
            Optional<WalHeader> header = wal.header(new WalFileName.Segment(segment));
            if (header.isPresent()) {
                return header.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new PitrException(
                        "archive.check-late",
                        "Segment " + segment + " was not in the repository after " + patience.toSeconds() + " s. "
                                + archiverState());
            }
            pause();
        }
    }

    private String archiverState() {
        Map<String, @Nullable String> state = row("select current_setting('archive_mode') as mode,"
                + " coalesce(last_failed_wal, '') as failed, coalesce(last_failed_time::text, '') as at"
                + " from pg_stat_archiver");
        if ("off".equals(state.get("mode"))) {
            return "The server's archive_mode is off: set archive_mode = on and archive_command, and restart it";
        }
        String failed = String.valueOf(state.get("failed"));
        return failed.isEmpty()
                ? "The server reports no failed attempt: check archive_command and who runs it"
                : "The server's last failed attempt was " + failed + " at " + state.get("at")
                        + ": its log shows what archive_command said";
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("Check of archiving");
        }
    }

    private static void readBack(WalStore wal, WalSegment segment) {
        // The stream compares size and hash with what was recorded at archiving.
        try (InputStream in = wal.open(new WalFileName.Segment(segment))) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read back " + segment, e);
        }
    }

    private Comparison compare(WalSegment segment, WalHeader header) {
        String onServer;
        try {
            onServer = value("select encode(sha256(pg_read_binary_file('pg_wal/" + segment.name() + "')), 'hex')");
        } catch (ServerException e) {
            return Comparison.SERVER_FILE_NOT_READABLE;
        }
        if (!onServer.equals(header.rawSha256())) {
            throw new PitrException(
                    "archive.check-differs",
                    "Archived segment " + segment + " has SHA-256 " + header.rawSha256() + ", the server's file "
                            + onServer
                            + ": somebody else archives under this name, or the file was changed on its way");
        }
        return Comparison.SAME_AS_SERVER;
    }

    private String value(String query) {
        return String.valueOf(row(query).values().iterator().next());
    }

    private Map<String, @Nullable String> row(String query) {
        return primary.query(query).get(0);
    }
}

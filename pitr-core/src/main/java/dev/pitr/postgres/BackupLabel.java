package dev.pitr.postgres;

import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A base backup's {@code backup_label}: where recovery has to begin ({@code read_backup_label} in PostgreSQL's
 * {@code access/transam/xlogrecovery.c}).
 *
 * @param startLsn the redo position: recovery reads WAL from here on
 * @param startWalFile the name of the segment that holds it, on the timeline of {@link #startTimeline()}
 * @param checkpointLsn where the checkpoint record stands
 * @param startTimeline the timeline of the start
 * @param method {@code streamed}, {@code pg_start_backup} or {@code pg_rewind}
 * @param takenFrom {@code primary}, {@code master} (up to 13) or {@code standby}
 * @param startTime when it began, in the server's log time zone and format
 * @param label the user's text
 * @param incrementalFromLsn where the prior backup began, for an incremental one (since 17); the server refuses to start
 *     from it before it is combined
 */
public record BackupLabel(
        Lsn startLsn,
        String startWalFile,
        Lsn checkpointLsn,
        TimelineId startTimeline,
        Optional<String> method,
        Optional<String> takenFrom,
        Optional<String> startTime,
        Optional<String> label,
        Optional<Lsn> incrementalFromLsn) {
    private static final Pattern START =
            Pattern.compile("START WAL LOCATION: ([0-9A-F]{1,8}/[0-9A-F]{1,8}) \\(file ([0-9A-F]{24})\\)");
    private static final Pattern CHECKPOINT = Pattern.compile("CHECKPOINT LOCATION: ([0-9A-F]{1,8}/[0-9A-F]{1,8})");

    /**
     * Parses the file. As in the server, the first two lines must be exact, the others may be absent but keep their order;
     * what follows them is ignored.
     *
     * @param bytes the file's contents
     * @return the label
     * @throws ServerFileException {@code postgres.bad-backup-label} if the server would not take it
     */
    public static BackupLabel parse(byte[] bytes) {
        Deque<String> lines = lines(ServerText.decode(bytes));
        Matcher start = match(START, lines, "START WAL LOCATION");
        Matcher checkpoint = match(CHECKPOINT, lines, "CHECKPOINT LOCATION");
        String walFile = start.group(2);
        try {
            TimelineId timeline = new TimelineId(Long.parseLong(walFile, 0, 8, 16));
            Optional<String> method = optional(lines, "BACKUP METHOD: ");
            Optional<String> from = optional(lines, "BACKUP FROM: ");
            Optional<String> startTime = optional(lines, "START TIME: ");
            Optional<String> label = optional(lines, "LABEL: ");
            checkTimeline(optional(lines, "START TIMELINE: ").map(TimelineId::parse), timeline);
            Optional<Lsn> incrementalFrom =
                    optional(lines, "INCREMENTAL FROM LSN: ").map(Lsn::parse);
            return new BackupLabel(
                    Lsn.parse(start.group(1)),
                    walFile,
                    Lsn.parse(checkpoint.group(1)),
                    timeline,
                    method,
                    from,
                    startTime,
                    label,
                    incrementalFrom);
        } catch (ServerFileException e) {
            throw e;
        } catch (PitrException e) {
            throw bad(e.getMessage(), e);
        }
    }

    /**
     * Tells whether the backup was taken from a standby.
     *
     * @return false if from a primary
     */
    public boolean isFromStandby() {
        return takenFrom.filter("standby"::equals).isPresent();
    }

    /** Every line ends with {@code \n}; the server reads in binary mode, so that a carriage return is part of a line. */
    private static Deque<String> lines(String text) {
        List<String> lines = List.of(text.split("\n", -1));
        return new ArrayDeque<>(lines.subList(0, lines.size() - 1));
    }

    private static Matcher match(Pattern pattern, Deque<String> lines, String what) {
        String line = lines.isEmpty() ? "" : lines.remove();
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw bad("its line " + what + " is missing or malformed", null);
        }
        return matcher;
    }

    private static Optional<String> optional(Deque<String> lines, String prefix) {
        String line = lines.peek();
        return line != null && line.startsWith(prefix)
                ? Optional.of(lines.remove().substring(prefix.length()))
                : Optional.empty();
    }

    private static void checkTimeline(Optional<TimelineId> named, TimelineId ofFile) {
        if (named.isPresent() && !named.get().equals(ofFile)) {
            throw bad("its START TIMELINE is " + named.get() + ", but its file is of timeline " + ofFile, null);
        }
    }

    private static ServerFileException bad(@Nullable String why, @Nullable Throwable cause) {
        return new ServerFileException(
                "postgres.bad-backup-label",
                "Cannot use the backup label: " + why + ". Take it from the backup unchanged.",
                cause);
    }
}

package dev.pitr.restore;

import dev.pitr.archive.WalSource;
import dev.pitr.restore.TargetTree.Access;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The segments in which the path of a restore passes from one timeline to the next, laid into {@code pg_wal} under the
 * name of the timeline that is left.
 *
 * <p>Recovery takes only the newer timeline's file. But while it replays the switch, and at its end, the server reads the
 * records of transactions again that were prepared before the fork and aren't finished; it looks for them on the timeline
 * that wrote them, in {@code pg_wal} alone ({@code XlogReadTwoPhaseData} in {@code twophase.c}), and ends with "requested
 * WAL segment has already been removed" (13 to 18). Up to the fork both files hold the same bytes, so the newer one serves.
 * {@code restore_command} is asked first for every segment, so replay itself never reads what is laid here.
 */
final class SegmentsAtForks {
    private static final String FOLDER = "pg_wal";
    private static final String STATUS = "pg_wal/archive_status";
    private static final int BUFFER_BYTES = 1 << 16;

    private final TargetTree data;
    private final Access access;
    private final WalSource source;

    SegmentsAtForks(TargetTree data, Access access, WalSource source) {
        this.data = data;
        this.access = access;
        this.source = source;
    }

    /** Lays out what a plan needs, in place of what an interrupted run with another plan may have left. */
    void lay(TimelineHistory history, List<WalSegment> segments) {
        data.createFolder(STATUS, access);
        clear(data.resolve(FOLDER));
        clear(data.resolve(STATUS));
        names(history, segments).forEach(this::copy);
    }

    /** The names to be laid out, each with the planned segment that holds its bytes. */
    static Map<WalSegment, WalSegment> names(TimelineHistory history, List<WalSegment> segments) {
        Map<WalSegment, WalSegment> names = new TreeMap<>();
        for (TimelineHistory.Fork fork : history.forks()) {
            WalSegment planned =
                    history.segmentAt(fork.switchPoint(), segments.get(0).size());
            // Not always the parent in the history, whose switch points can go down.
            TimelineId left = history.timelineAt(fork.switchPoint().plus(-1));
            boolean isInside = fork.switchPoint().isAfter(planned.start()) && !left.equals(planned.timeline());
            if (isInside && segments.contains(planned)) {
                names.put(planned.on(left), planned);
            }
        }
        return names;
    }

    private static void clear(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[0-9A-F]*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw TargetErrors.of("empty", folder, e);
        }
    }

    private void copy(WalSegment name, WalSegment planned) {
        Optional<InputStream> opened = source.open(new WalFileName.Segment(planned));
        if (opened.isEmpty()) {
            // Recovery itself will ask for it, and tell.
            return;
        }
        try (InputStream bytes = opened.get()) {
            write(FOLDER + "/" + name.name(), bytes);
        } catch (IOException e) {
            throw TargetErrors.of("write", data.resolve(FOLDER), e);
        }
        // The promoted server must never archive it under a name that isn't its own.
        write(STATUS + "/" + name.name() + ".done", InputStream.nullInputStream());
    }

    private void write(String file, InputStream bytes) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileChannel channel = data.createFile(file, access)) {
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                TargetTree.write(channel, buffer, count, data.resolve(file));
            }
        } catch (IOException e) {
            throw TargetErrors.of("write", data.resolve(file), e);
        }
    }
}

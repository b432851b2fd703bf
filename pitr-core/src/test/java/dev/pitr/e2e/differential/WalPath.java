package dev.pitr.e2e.differential;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files that a server reads along a timeline, one after the other ({@code XLogFileReadAnyTLI}). */
final class WalPath {
    private final WalFolder archive;
    private final TimelineHistory history;
    private final List<WalSegment> files = new ArrayList<>();

    WalPath(WalFolder archive, TimelineHistory history) {
        this.archive = archive;
        this.history = history;
    }

    /** All records from a position on, until there is no next file or no next valid record. */
    List<PlainRecord> records(Lsn from) {
        long first = World.SEGMENT.segmentNumber(from);
        ByteArrayOutputStream wal = new ByteArrayOutputStream();
        long lowest = 0;
        for (long number = first; ; number++) {
            Optional<WalSegment> file = file(number, lowest);
            if (file.isEmpty()) {
                break;
            }
            files.add(file.get());
            wal.writeBytes(archive.read(file.get()));
            lowest = file.get().timeline().value();
        }
        Lsn start = new Lsn(first * World.SEGMENT.bytes());
        RecordWalk walk = new RecordWalk(wal.toByteArray(), start, World.SEGMENT, lsn -> owner(lsn, first)).at(from);
        List<PlainRecord> records = new ArrayList<>();
        for (Optional<PlainRecord> next = walk.next(); next.isPresent(); next = walk.next()) {
            records.add(next.get().slim());
        }
        return records;
    }

    private TimelineId owner(Lsn lsn, long first) {
        WalSegment file = files.get((int) (World.SEGMENT.segmentNumber(lsn) - first));
        return archive.history(file.timeline()).orElse(history).timelineAt(lsn);
    }

    private Optional<WalSegment> file(long number, long lowest) {
        List<TimelineHistory.Fork> forks = history.forks();
        for (int i = forks.size(); i >= 0; i--) {
            TimelineId timeline =
                    i == forks.size() ? history.timeline() : forks.get(i).parent();
            long begin =
                    i == 0 ? 0 : World.SEGMENT.segmentNumber(forks.get(i - 1).switchPoint());
            WalSegment file = new WalSegment(timeline, number, World.SEGMENT);
            if (number >= begin && timeline.value() >= lowest && archive.holds(file.name())) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }
}

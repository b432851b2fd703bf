package dev.pitr.e2e.differential;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Writes WAL as it were if somebody had set the server's clock back and forth: it changes the times in commit, abort and
 * restore point records of finished segments, and their checksums, before anything is archived. Nothing else in WAL
 * tells the time to the microsecond, so recovery can't know the difference. Moving a server's real clock takes rights
 * over the whole machine.
 *
 * <p>Records that reach from one segment into the next keep their time.
 */
final class ClockBender implements SegmentEditor {
    private static final List<Long> STEPS_MICROS =
            List.of(0L, 1L, -1L, 40_000L, -40_000L, 700_000L, -700_000L, 3_000_000L, -3_000_000L, -60_000_000L);

    private final Random random;
    private final int stepPercent;
    private final int repeatPercent;
    private Lsn from;
    private long offsetMicros;
    private Instant last;

    /** Leaves alone what was written before a position: a timeline's first segment begins with its parent's records. */
    ClockBender(Random random, Lsn from) {
        this.random = random;
        this.from = from;
        // One cluster in three has a good clock.
        this.stepPercent = random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(25);
        this.repeatPercent = stepPercent == 0 ? 0 : random.nextInt(15);
        this.last = Instant.EPOCH;
    }

    @Override
    public void edit(Path file, WalSegment segment) throws IOException {
        if (stepPercent > 0 && segment.next().start().isAfter(from)) {
            byte[] wal = Files.readAllBytes(file);
            bend(wal, segment);
            Files.write(file, wal);
        }
    }

    private void bend(byte[] wal, WalSegment segment) {
        RecordWalk walk =
                new RecordWalk(wal, segment.start(), segment.size(), lsn -> segment.timeline()).atFirstRecord();
        for (Optional<PlainRecord> next = walk.next(); next.isPresent(); next = walk.next()) {
            PlainRecord found = next.get();
            boolean hasTime = found.isStop() || found.isRestorePoint();
            if (hasTime && !found.start().isBefore(from)) {
                from = found.end();
                walk.write(found.start(), withTime(found));
            }
        }
    }

    private byte[] withTime(PlainRecord found) {
        byte[] bytes = found.copy(0, found.bytes().capacity());
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(found.mainOffset(), PlainRecord.toMicros(next(found.time())));
        out.putInt(20, RecordWalk.crc(bytes));
        return bytes;
    }

    private Instant next(Instant honest) {
        if (random.nextInt(100) < stepPercent) {
            offsetMicros = STEPS_MICROS.get(random.nextInt(STEPS_MICROS.size()));
        }
        boolean repeats = random.nextInt(100) < repeatPercent && last.isAfter(Instant.EPOCH);
        last = repeats ? last : honest.plusNanos(offsetMicros * 1000);
        return last;
    }
}

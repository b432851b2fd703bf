package dev.pitr.wal.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalSegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads WAL of real servers that was damaged at random, and records with right checksums and wrong bodies. */
class WalFuzzTest {
    private static final int PAGE = 8192;
    private static final int SHORT_RUN = 400;
    private static final Duration LONG_RUN = Duration.ofMinutes(10);
    private static final List<Run> RUNS = Stream.concat(SampleWal.DUMPED.stream(), SampleWal.TIMELINES.stream())
            .flatMap(name -> SampleWal.read(name).runs().stream())
            .map(Run::of)
            .toList();

    /** Consecutive segments, and where their records are. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Run(Lsn start, byte[] bytes, Map<Long, Integer> lengths) {
        static Run of(SortedMap<WalSegment, byte[]> segments) {
            ByteBuffer all = ByteBuffer.allocate(segments.size() << 20);
            segments.values().forEach(all::put);
            byte[] bytes = all.array();
            Map<Long, Integer> lengths = new HashMap<>();
            Lsn start = segments.firstKey().start();
            WalCursor cursor = WalCursor.builder(SampleWal.SIZE).from(start).build();
            cursor.feed(bytes, 0, bytes.length);
            while (cursor.next()) {
                lengths.put(cursor.record().startLsn(), cursor.record().length());
            }
            return new Run(start, bytes, lengths);
        }

        /** A copy of some of the pages. */
        byte[] pages(int first, int count) {
            byte[] some = new byte[count * PAGE];
            System.arraycopy(bytes, first * PAGE, some, 0, some.length);
            return some;
        }
    }

    private final AtomicLong delivered = new AtomicLong();

    @Test
    void survivesDamage() {
        for (long seed = 0; seed < SHORT_RUN; seed++) {
            readDamaged(seed);
        }

        assertThat(delivered.get()).isGreaterThan(SHORT_RUN);
    }

    @Test
    @Tag("soak")
    void survivesTenMinutesOfDamage() {
        long start = System.nanoTime();
        long seed = SHORT_RUN;
        while (System.nanoTime() - start < LONG_RUN.toNanos()) {
            readDamaged(seed++);
        }

        System.out.println(seed + " seeds, " + delivered.get() + " records");
    }

    private void readDamaged(long seed) {
        try {
            Random random = new Random(seed);
            Run run = RUNS.get(random.nextInt(RUNS.size()));
            int pages = run.bytes().length / PAGE;
            int first = random.nextInt(4) == 0 ? 0 : random.nextInt(pages);
            byte[] bytes = run.pages(first, 1 + random.nextInt(Math.min(64, pages - first)));
            Lsn start = run.start().plus((long) first * PAGE);
            boolean isSealed = random.nextInt(3) == 0;
            if (isSealed) {
                rewriteBodies(random, start, bytes);
            } else {
                damage(random, bytes);
            }
            read(random, start, bytes, isSealed ? null : run);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void damage(Random random, byte[] bytes) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = 1 + random.nextInt(Math.min(bytes.length - at, 1 << (1 + random.nextInt(14))));
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> random.nextBytes(bytes);
                case 2 -> Arrays.fill(bytes, at, at + length, (byte) random.nextInt(256));
                case 3 -> Arrays.fill(bytes, at, bytes.length, (byte) 0);
                case 4 -> splice(random, bytes, at & -8, length);
                default ->
                    ByteBuffer.wrap(bytes)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(Math.min(at & -4, bytes.length - 4), interesting(random));
            }
        }
    }

    private static void splice(Random random, byte[] bytes, int at, int length) {
        byte[] from = RUNS.get(random.nextInt(RUNS.size())).bytes();
        int count = Math.min(length, bytes.length - at);
        System.arraycopy(from, random.nextInt((from.length - count) / 8) * 8, bytes, at, count);
    }

    private static int interesting(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> -1;
            case 1 -> Integer.MAX_VALUE;
            case 2 -> Integer.MIN_VALUE;
            case 3 -> random.nextInt(64);
            case 4 -> random.nextInt(1 << 30);
            default -> 0;
        };
    }

    /** Changes bodies, and gives these records right checksums. */
    private static void rewriteBodies(Random random, Lsn start, byte[] bytes) {
        List<int[]> records = new ArrayList<>();
        WalCursor cursor = WalCursor.builder(SampleWal.SIZE).from(start).build();
        cursor.feed(bytes, 0, bytes.length);
        while (cursor.next()) {
            WalRecord record = cursor.record();
            if (record.bytes() == bytes && (record.event().isPresent() || random.nextInt(50) == 0)) {
                records.add(new int[] {record.offset(), record.length()});
            }
        }
        for (int[] record : records) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                int at = record[0] + 16 + random.nextInt(record[1] - 16);
                if (at >= record[0] + 18 && at < record[0] + 24) {
                    continue;
                }
                if (random.nextBoolean() && at + 4 <= record[0] + record[1]) {
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, interesting(random));
                } else {
                    bytes[at] = (byte) random.nextInt(256);
                }
            }
            WalWriter.seal(bytes, record[0], record[1]);
        }
    }

    private void read(Random random, Lsn start, byte[] bytes, @Nullable Run original) {
        WalCursorBuilder options = WalCursor.builder(SampleWal.SIZE).maxRecordBytes(PAGE << random.nextInt(8));
        if (random.nextBoolean()) {
            options.maxHeadBytes(1024 << random.nextInt(8));
        }
        WalCursor cursor = options.from(start).build();
        int step = PAGE << random.nextInt(5);
        for (int at = 0; at < bytes.length; at += step) {
            cursor.feed(bytes, at, Math.min(step, bytes.length - at));
            while (cursor.next()) {
                look(cursor.record());
                delivered.incrementAndGet();
                if (original != null) {
                    assertThat(original.lengths())
                            .containsEntry(
                                    cursor.record().startLsn(), cursor.record().length());
                }
            }
        }
        assertThat(cursor.end().toString()).isNotEmpty();
        resume(random, cursor, bytes);
    }

    private static void look(WalRecord record) {
        try {
            assertThat(record.event()).isNotNull();
        } catch (WalRecordException e) {
            assertThat(e).hasMessageStartingWith("Cannot read the record at ");
        }
        assertThat(record.description()).hasSizeLessThan(100_000);
        assertThat(record.rows()).isNotNegative();
        record.rowOperation();
        record.operationName();
        for (int i = 0; i < record.blockCount(); i++) {
            record.blockFile(i);
        }
    }

    /** Goes on with bytes that don't belong there, as pages and as a head. */
    private static void resume(Random random, WalCursor stopped, byte[] bytes) {
        WalTail tail = stopped.tail(1024 << random.nextInt(8)).orElse(null);
        WalHead head = stopped.head().orElse(null);
        if (tail == null) {
            return;
        }
        WalCursor resumed = WalCursor.builder(SampleWal.SIZE).resume(tail).build();
        resumed.feed(bytes, 0, bytes.length);
        while (resumed.next()) {
            look(resumed.record());
        }
        if (head != null) {
            WalHead moved = new WalHead(
                    head.version(),
                    tail.page(),
                    head.kind(),
                    random.nextBoolean()
                            ? head.lengthBytes()
                            : Math.max(
                                    head.receivedBytes(),
                                    LittleEndian.u32(tail.isUnfinished() ? tail.bytes() : new byte[4], 0)
                                            - tail.receivedBytes()),
                    head.receivedBytes(),
                    head.bytes(),
                    head.end());
            WalCursor joined = WalCursor.builder(SampleWal.SIZE).resume(tail).build();
            joined.feed(moved);
            while (joined.next()) {
                look(joined.record());
            }
        }
    }
}

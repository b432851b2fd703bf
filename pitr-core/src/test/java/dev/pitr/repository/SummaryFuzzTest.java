package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.error.PitrException;
import dev.pitr.progress.ProgressListener;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.MadeWal;
import dev.pitr.wal.record.SampleWal;
import dev.pitr.wal.record.SegmentScan;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Summaries and pages that nobody wrote: each is refused with an error of ours, or is as good as any. */
class SummaryFuzzTest {
    private static final String ALPHABET = "0123456789-\"{}[],:/ aAbEfFnrtT=+.";

    private final List<SegmentSummary> summaries = new ArrayList<>();

    SummaryFuzzTest() {
        SampleWal sample = SampleWal.read("v17");
        sample.runs()
                .get(0)
                .forEach((segment, bytes) -> summaries.add(SegmentScan.of(segment, sample.version())
                        .feed(bytes, 0, bytes.length)
                        .finish()));
    }

    @Test
    void changedSummariesAreRefusedOrWork() {
        fuzzSummaries(Duration.ofSeconds(3), 1);
    }

    @Test
    void changedIndexObjectsAreRefusedOrWork() {
        fuzzObjects(Duration.ofSeconds(3), 1);
    }

    @Test
    @Tag("soak")
    void changedSummariesAreRefusedOrWorkForLong() {
        fuzzSummaries(Duration.ofMinutes(10), System.nanoTime());
    }

    @Test
    @Tag("soak")
    void changedIndexObjectsAreRefusedOrWorkForLong() {
        fuzzObjects(Duration.ofMinutes(10), System.nanoTime());
    }

    private void fuzzSummaries(Duration duration, long seed) {
        Random random = new Random(seed);
        long end = System.nanoTime() + duration.toNanos();
        int refused = 0;
        int read = 0;
        for (int i = 0; read + refused < 100 || System.nanoTime() < end; i++) {
            SegmentSummary summary = summaries.get(i % (summaries.size() - 2) + 1);
            byte[] changed = changed(json(summary), random);
            try {
                use(SummaryReader.segment(JsonObject.parse("fuzz", changed, PartIndex.FACTORY), summary.segment()), i);
                read++;
            } catch (PitrException e) {
                refused++;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ": " + new String(changed, StandardCharsets.ISO_8859_1), e);
            }
        }
        System.out.println("Summaries: " + refused + " refused, " + read + " read, seed " + seed);
        assertThat(refused).isPositive();
        assertThat(read).isPositive();
    }

    private void use(SegmentSummary summary, int i) {
        SegmentSummary before = summaries.get(i % (summaries.size() - 2));
        SegmentSummary after = summaries.get(i % (summaries.size() - 2) + 2);
        SegmentSummary joined = summary.joinedTo(before);
        StretchSummary all = before.stretch().followedBy(summary.stretch()).followedBy(after.stretch());
        assertThat(after.joinedTo(joined).toString()).isNotNull();
        assertThat(all.chain().toString()).isNotNull();
        assertThat(summary.events()).isNotNull();
    }

    private static byte[] json(SegmentSummary summary) {
        return PartIndex.line(json -> new SummaryWriter(json).segment(summary));
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(changed.length);
            if (random.nextInt(4) == 0) {
                // A part of the document somewhere else in it.
                int length = Math.min(random.nextInt(60), changed.length - at);
                int from = random.nextInt(changed.length - length);
                System.arraycopy(bytes, from, changed, at, length);
            } else {
                changed[at] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            }
        }
        return changed;
    }

    private void fuzzObjects(Duration duration, long seed) {
        Random random = new Random(seed);
        InMemoryStorage storage = new InMemoryStorage();
        WalSegment first = summaries.get(0).segment();
        ClusterIdentity cluster = new ClusterIdentity(1, PostgresVersion.V17, first.size());
        Incarnation incarnation = Repository.at(storage, "main").init(cluster);
        MadeWal wal = new MadeWal(PostgresVersion.V17, first);
        wal.commit(700, 1);
        wal.message(3 << 20);
        wal.commit(701, 2);
        wal.segments()
                .forEach((segment, bytes) ->
                        incarnation.wal().create(new WalFileName.Segment(segment), Content.of(bytes)));
        incarnation.index().build(ProgressListener.NONE);
        ObjectKey key = page(storage);
        byte[] page = StoredJson.bytes(storage, key);
        LogId logId = LogId.of(first);
        IndexPages pages = new IndexPages(storage, new ObjectKey("main/17-1"), cluster);
        long end = System.nanoTime() + duration.toNanos();
        int headers = 0;
        for (int i = 0; i < 200 || System.nanoTime() < end; i++) {
            byte[] changed = page.clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            storage.put(key, Content.of(i % 2 == 0 ? changed : resealed(page, random)));
            headers += pages.openPage(logId).isPresent() ? 1 : 0;
            assertThat(pages.segments(logId, false)).isNotNull();
        }
        System.out.println("Index objects: " + headers + " headers read, seed " + seed);
    }

    /** With another header, and the checksum that it would have. */
    private static byte[] resealed(byte[] page, Random random) {
        int length = WalContainer.headerLength("fuzz", page);
        byte[] header = java.util.Arrays.copyOfRange(page, 8, 8 + length);
        int bodyLength = length - "  \"sha256\": \"".length() - Sha256.HEX_LENGTH - "\"\n}\n".length();
        byte[] body = changed(java.util.Arrays.copyOf(header, bodyLength), random);
        String seal = "  \"sha256\": \"" + Sha256.of(body, 0, body.length) + "\"\n}\n";
        byte[] sealed = java.util.Arrays.copyOf(body, length);
        System.arraycopy(seal.getBytes(StandardCharsets.US_ASCII), 0, sealed, bodyLength, seal.length());
        byte[] result = page.clone();
        System.arraycopy(sealed, 0, result, 8, length);
        return result;
    }

    private static ObjectKey page(InMemoryStorage storage) {
        try (Stream<ObjectInfo> objects = storage.list("main/17-1/index/", "")) {
            return objects.map(ObjectInfo::key).findFirst().orElseThrow();
        }
    }
}

package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.progress.Progress;
import dev.pitr.progress.ProgressListener;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.testkit.Fault;
import dev.pitr.testkit.FaultInjectingStorage;
import dev.pitr.testkit.FaultPlan;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.MadeWal;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StoredWalIndexTest {
    /** Four to a log id. */
    private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 30);

    private static final ClusterIdentity CLUSTER =
            new ClusterIdentity(MadeWal.SYSTEM_IDENTIFIER, PostgresVersion.V17, SIZE);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final Incarnation incarnation = Repository.at(storage, "main").init(CLUSTER);

    @Test
    void saysTheSameWithAndWithoutPages() {
        archive(made(3, 30));
        WalCoverage.Run run = run(3, 30);
        List<SegmentSummary> fromHeaders = summaries(run);
        StretchSummary whole = fold(stretches(run));
        incarnation.index().build(ProgressListener.NONE);
        assertThat(summaries(run)).isEqualTo(fromHeaders);
        assertThat(fold(stretches(run))).isEqualTo(whole);
        assertThat(whole.chain().brokenAt()).isEmpty();
        assertThat(whole.count(Occurrence.RESTORE_POINT)).isEqualTo(28);
    }

    @Test
    void readsPagesInsteadOfSegments() {
        archive(made(3, 30));
        List<SegmentSummary> expected = summaries(run(4, 27));
        incarnation.index().build(ProgressListener.NONE);
        storage.delete(keys("/wal/").stream().map(ObjectKey::new).toList());
        assertThat(summaries(run(4, 27))).isEqualTo(expected);
    }

    @Test
    void readsSegmentsThatWereArchivedWithoutASummary() {
        SortedMap<WalSegment, byte[]> wal = made(3, 6);
        archive(wal);
        List<SegmentSummary> expected = summaries(run(3, 6));
        keys("/wal/").forEach(key -> storage.put(new ObjectKey(key), Content.of(withoutSummary(key))));
        assertThat(summaries(run(3, 6))).isEqualTo(expected);
        IndexReport report = incarnation.index().build(ProgressListener.NONE);
        assertThat(report.segmentsScanned()).isEqualTo(4);
        assertThat(summaries(run(3, 6))).isEqualTo(expected);
    }

    private byte[] withoutSummary(String key) {
        byte[] container = StoredJson.bytes(storage, new ObjectKey(key));
        int length = WalContainer.headerLength(key, container);
        byte[] header = java.util.Arrays.copyOfRange(container, 8, 8 + length);
        JsonObject json = SealedJson.read(key, header);
        byte[] plain = SealedJson.write(out -> {
            FormatVersion.write(out);
            out.writeStringField("name", json.text("name"));
            IdentityJson.write(out, CLUSTER);
            out.writeNumberField("raw-size", json.number("raw-size"));
            out.writeStringField("raw-sha256", json.text("raw-sha256"));
            out.writeNumberField("data-size", json.number("data-size"));
            out.writeStringField("data-sha256", json.text("data-sha256"));
        });
        byte[] frame = WalContainer.frame(plain);
        byte[] result = java.util.Arrays.copyOf(frame, frame.length + container.length - 8 - length);
        System.arraycopy(container, 8 + length, result, frame.length, container.length - 8 - length);
        return result;
    }

    @Test
    void writesCompletePagesOnceAndAnOpenPageForTheRest() {
        archive(made(4, 13));
        assertThat(incarnation.index().build(ProgressListener.NONE).toString())
                .isEqualTo("10 segments added, 0 of them read whole; 2 complete pages, 1 open pages and 1 roll-ups"
                        + " written; 0 segments unreadable");
        assertThat(keys("/index/"))
                .containsExactly(
                        "main/17-7512345678901234567/index/00000001/0000000100000000.rollup.zst",
                        "main/17-7512345678901234567/index/00000001/0000000100000001.page.zst",
                        "main/17-7512345678901234567/index/00000001/0000000100000002.page.zst",
                        "main/17-7512345678901234567/index/00000001/0000000100000003.open.zst");
        Set<ObjectInfo> before = objects("/index/");
        assertThat(incarnation.index().build(ProgressListener.NONE).segmentsAdded())
                .isZero();
        assertThat(objects("/index/")).isEqualTo(before);
    }

    @Test
    void completesAnOpenPageWhenItsSegmentsHaveCome() {
        SortedMap<WalSegment, byte[]> wal = made(4, 11);
        archive(wal.headMap(segment(6)));
        incarnation.index().build(ProgressListener.NONE);
        archive(wal.tailMap(segment(6)));
        IndexReport report = incarnation.index().build(ProgressListener.NONE);
        assertThat(report.segmentsAdded()).isEqualTo(6);
        assertThat(report.completePages()).isEqualTo(2);
        assertThat(keys("/index/")).noneMatch(key -> key.endsWith(".open.zst"));
        assertThat(summaries(run(4, 11))).hasSize(8);
    }

    @Test
    void knowsThatTheFirstLogIdBeginsWithItsSecondSegment() {
        archive(made(1, 3));
        assertThat(incarnation.index().build(ProgressListener.NONE).completePages())
                .isOne();
    }

    @Test
    void keepsRunsApartWhereSegmentsAreMissing() {
        SortedMap<WalSegment, byte[]> wal = made(4, 11);
        wal.remove(segment(6));
        archive(wal);
        incarnation.index().build(ProgressListener.NONE);
        assertThat(keys("/index/")).anyMatch(key -> key.endsWith("0000000100000001.open.zst"));
        assertThat(stretches(run(4, 5))).hasSize(2);
        assertThat(stretches(run(7, 11))).extracting(StretchSummary::first).containsExactly(segment(7), segment(8));
    }

    @Test
    void goesFromRollUpsIntoPagesAndFromPagesIntoSegments() {
        archive(made(1, 2 * 1024 + 5));
        incarnation.index().build(ProgressListener.NONE);
        StoredWalIndex index = incarnation.index();
        try (Stream<StretchSummary> all = index.stretches(run(1, 2 * 1024 + 5))) {
            assertThat(all.map(StretchSummary::length)).containsExactly(1023L, 1024L, 4L, 2L);
        }
        try (Stream<StretchSummary> group = index.stretches(run(1024, 2047))) {
            assertThat(group.map(StretchSummary::length)).hasSize(256).containsOnly(4L);
        }
        try (Stream<StretchSummary> page = index.stretches(run(1024, 1027))) {
            assertThat(page.map(StretchSummary::length)).hasSize(4).containsOnly(1L);
        }
        StretchSummary whole = fold(stretches(run(1, 2 * 1024 + 5)));
        assertThat(whole.stops().count()).isEqualTo(2 * 1024 + 5);
        assertThat(whole.chain().brokenAt()).isEmpty();
    }

    @Test
    void findsASegmentByGoingOnlyWhereItMayBe() {
        archive(made(1, 40));
        incarnation.index().build(ProgressListener.NONE);
        try (Stream<SegmentSummary> found = incarnation
                .index()
                .summaries(run(1, 40), stretch -> stretch.stops().mayHold(1017))) {
            assertThat(found.map(SegmentSummary::segment)).containsExactly(segment(17));
        }
    }

    @Test
    void readsTheCatalogueFromTheIndexWithARequestForEachPageOrRollUp() {
        archive(made(1, 2 * 1024 + 5));
        incarnation.wal().create(new WalFileName.Partial(segment(2 * 1024 + 6)), Content.of(new byte[100]));
        incarnation.wal().create(new WalFileName.Segment(segment(7).on(new TimelineId(2))), Content.of(new byte[9]));
        incarnation.index().build(ProgressListener.NONE);
        Catalogue listed = incarnation.catalogue();
        FaultInjectingStorage counting = new FaultInjectingStorage(storage, FaultPlan.none());
        Incarnation counted = Repository.at(counting, "main").incarnation(CLUSTER);
        long before = counting.calls().size();
        Catalogue indexed = counted.catalogue(counted.index());
        assertThat(counting.calls().size() - before).isLessThan(20);
        assertThat(indexed.wal().segmentCount()).isEqualTo(listed.wal().segmentCount());
        assertThat(indexed.wal().totalStoredBytes()).isEqualTo(listed.wal().totalStoredBytes());
        for (TimelineId timeline : listed.wal().timelines()) {
            assertThat(indexed.wal().runs(timeline)).isEqualTo(listed.wal().runs(timeline));
        }
        assertThat(indexed.partials()).isEqualTo(listed.partials());
    }

    @Test
    void ignoresARollUpsPageThatWasRemoved() {
        archive(made(1, 11));
        incarnation.index().build(ProgressListener.NONE);
        storage.delete(List.of(RepositoryLayout.completePage(folder(), LogId.of(segment(4)))));
        storage.delete(List.of(RepositoryLayout.segment(folder(), segment(5))));
        assertThat(incarnation.catalogue(incarnation.index()).wal().contains(segment(5)))
                .isFalse();
    }

    @Test
    void goesOnWithoutDamagedPagesAndWritesThemAgain() {
        archive(made(1, 14));
        List<SegmentSummary> expected = summaries(run(1, 14));
        incarnation.index().build(ProgressListener.NONE);
        Random random = new Random(5);
        for (String key : keys("/index/")) {
            byte[] bytes = StoredJson.bytes(storage, new ObjectKey(key));
            bytes[random.nextInt(200)] ^= 1;
            storage.put(new ObjectKey(key), Content.of(bytes));
        }
        assertThat(summaries(run(1, 14))).isEqualTo(expected);
        assertThat(incarnation.catalogue(incarnation.index()).wal().segmentCount())
                .isEqualTo(14);
        assertThat(incarnation.index().build(ProgressListener.NONE).completePages())
                .isEqualTo(3);
        assertThat(incarnation.index().build(ProgressListener.NONE).segmentsAdded())
                .isZero();
    }

    @Test
    void everyByteOfAnIndexObjectIsChecked() {
        archive(made(1, 5));
        incarnation.index().build(ProgressListener.NONE);
        for (String name : keys("/index/")) {
            ObjectKey key = new ObjectKey(name);
            byte[] bytes = StoredJson.bytes(storage, key);
            for (int i = 0; i < bytes.length; i += 7) {
                byte[] damaged = bytes.clone();
                damaged[i] ^= (byte) (1 << i % 8);
                storage.put(key, Content.of(damaged));
                assertThat(catchThrowable(() -> IndexContainer.read(storage, key, line -> {})))
                        .as("byte %d of %s", i, name)
                        .isInstanceOf(PitrException.class);
            }
        }
    }

    @Test
    void leavesOutASegmentThatCannotBeRead() {
        archive(made(4, 7));
        ObjectKey key = RepositoryLayout.segment(folder(), segment(5));
        byte[] bytes = StoredJson.bytes(storage, key);
        bytes[300] ^= 1;
        storage.put(key, Content.of(bytes));
        IndexReport report = incarnation.index().build(ProgressListener.NONE);
        assertThat(report.unreadable()).hasSize(1);
        assertThat(report.unreadable().get(0).code()).isEqualTo("repository.corrupt");
        assertThat(report.openPages()).isOne();
        assertThat(report.segmentsAdded()).isEqualTo(3);
    }

    @Test
    void twoBuildersAtOnceLeaveAWholeIndex() {
        archive(made(1, 40));
        List<SegmentSummary> expected = summaries(run(1, 40));
        IntStream.range(0, 8).parallel().forEach(i -> incarnation.index().build(ProgressListener.NONE));
        assertThat(incarnation.index().build(ProgressListener.NONE).segmentsAdded())
                .isZero();
        assertThat(summaries(run(1, 40))).isEqualTo(expected);
    }

    @Test
    void goesOnAfterAnInterruptedBuild() {
        archive(made(1, 20));
        List<Progress> heard = new ArrayList<>();
        Throwable broken = catchThrowable(() -> incarnation.index().build(progress -> {
            heard.add(progress);
            if (heard.size() == 8) {
                Thread.currentThread().interrupt();
            }
        }));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(broken).isInstanceOf(CancelledException.class);
        int built = keys("/index/").size();
        assertThat(built).isPositive();
        IndexReport rest = incarnation.index().build(ProgressListener.NONE);
        assertThat(rest.segmentsAdded()).isBetween(1L, 19L);
        assertThat(summaries(run(1, 20))).hasSize(20);
    }

    @Test
    void aBuildThatStorageBreaksOffIsFinishedByTheNext() {
        archive(made(1, 20));
        for (Fault fault : Fault.values()) {
            for (int call = 3; call < 40; call += 3) {
                FaultInjectingStorage failing = new FaultInjectingStorage(storage, FaultPlan.at(call, fault));
                assertThat(built(failing)).isIn(true, false);
                storage.delete(keys("/index/").stream()
                        .filter(key -> key.hashCode() % 3 == 0)
                        .map(ObjectKey::new)
                        .toList());
            }
        }
        incarnation.index().build(ProgressListener.NONE);
        assertThat(fold(stretches(run(1, 20))).stops().count()).isEqualTo(20);
    }

    private static boolean built(FaultInjectingStorage failing) {
        try {
            Repository.at(failing, "main").incarnation(CLUSTER).index().build(ProgressListener.NONE);
            return true;
        } catch (PitrException e) {
            return false;
        }
    }

    /** In each segment a commit, a restore point, and a switch to the next; a record straddles no boundary but by chance. */
    private static SortedMap<WalSegment, byte[]> made(long first, long last) {
        MadeWal wal = new MadeWal(PostgresVersion.V17, segment(first));
        for (long number = first; number <= last; number++) {
            wal.commit(1000 + number, 800_000_000_000_000L + number);
            wal.restorePoint("point " + number, 800_000_000_000_000L + number);
            wal.switchSegment();
        }
        return wal.segments();
    }

    private void archive(SortedMap<WalSegment, byte[]> wal) {
        wal.forEach((segment, bytes) -> incarnation.wal().create(new WalFileName.Segment(segment), Content.of(bytes)));
    }

    private static WalSegment segment(long number) {
        return new WalSegment(TimelineId.FIRST, number, SIZE);
    }

    private static WalCoverage.Run run(long first, long last) {
        return new WalCoverage.Run(segment(first), segment(last));
    }

    private List<SegmentSummary> summaries(WalCoverage.Run run) {
        WalIndex index = incarnation.index();
        try (Stream<SegmentSummary> summaries = index.summaries(run)) {
            return summaries.toList();
        }
    }

    private List<StretchSummary> stretches(WalCoverage.Run run) {
        try (Stream<StretchSummary> stretches = incarnation.index().stretches(run)) {
            return stretches.toList();
        }
    }

    private static StretchSummary fold(List<StretchSummary> stretches) {
        return stretches.stream().reduce(StretchSummary::followedBy).orElseThrow();
    }

    private ObjectKey folder() {
        return new ObjectKey("main/17-7512345678901234567");
    }

    private List<String> keys(String part) {
        return objects(part).stream()
                .map(object -> object.key().value())
                .sorted()
                .toList();
    }

    private Set<ObjectInfo> objects(String part) {
        try (Stream<ObjectInfo> all = storage.list("", "")) {
            return all.filter(object -> object.key().value().contains(part))
                    .collect(Collectors.toCollection(
                            () -> new TreeSet<>(java.util.Comparator.comparing(ObjectInfo::key))));
        }
    }
}

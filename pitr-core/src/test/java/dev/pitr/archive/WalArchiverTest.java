package dev.pitr.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.archive.WalRejectedException.Reason;
import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.testkit.Fault;
import dev.pitr.testkit.FaultInjectingStorage;
import dev.pitr.testkit.FaultPlan;
import dev.pitr.testkit.StorageCall;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSamples;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SampleWal;
import dev.pitr.wal.record.SegmentScan;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.WalEnd;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalArchiverTest {
    private static final WalSegment SEGMENT = FakeWal.segment(7);
    private static final WalFileName NAME = new WalFileName.Segment(SEGMENT);

    @TempDir
    Path walDirectory;

    private final InMemoryStorage storage = new InMemoryStorage();

    @BeforeEach
    void open() {
        Repository.at(storage, "main").init(FakeWal.CLUSTER);
    }

    private Incarnation incarnation(ObjectStorage on) {
        return Repository.at(on, "main").incarnation(FakeWal.CLUSTER);
    }

    private WalArchiver archiver() {
        return WalArchiver.builder(incarnation(storage)).build();
    }

    private byte[] stored(WalFileName name) throws IOException {
        try (InputStream in = incarnation(storage).wal().open(name)) {
            return in.readAllBytes();
        }
    }

    @Test
    void archivesOnceAndTakesTheSameBytesAgainForSuccess() throws IOException {
        Path file = FakeWal.write(walDirectory, SEGMENT);
        assertThat(archiver().archive(file)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(archiver().archive(file)).isEqualTo(ArchiveOutcome.ALREADY_ARCHIVED);
        assertThat(stored(NAME)).isEqualTo(FakeWal.bytes(SEGMENT));
    }

    @Test
    void recognisesTheSameBytesWithoutReadingTheStoredData() throws IOException {
        Path file = FakeWal.write(walDirectory, SEGMENT);
        archiver().archive(file);
        ObjectKey key = containerKey();
        byte[] container = storage.open(key).readAllBytes();
        storage.put(key, Content.of(Arrays.copyOf(container, 4096)));
        assertThat(archiver().archive(file)).isEqualTo(ArchiveOutcome.ALREADY_ARCHIVED);
    }

    @Test
    void archivesAHistoryThatCameOverAConnection() throws IOException {
        WalFileName.History name = new WalFileName.History(new TimelineId(3));
        byte[] text = WalSamples.text("timelines-v17/00000003.history").getBytes(ISO_8859_1);
        byte[] other = "1\t0/7000000\tr\u00e9serve\n".getBytes(ISO_8859_1);

        assertThat(archiver().archive(name, text)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(archiver().archive(name, text)).isEqualTo(ArchiveOutcome.ALREADY_ARCHIVED);
        assertThat(archiver().archive(Files.write(walDirectory.resolve(name.name()), text)))
                .isEqualTo(ArchiveOutcome.ALREADY_ARCHIVED);
        assertThatThrownBy(() -> archiver().archive(name, other))
                .isInstanceOfSatisfying(
                        WalConflictException.class, e -> assertThat(e.code()).isEqualTo("archive.conflict.text"));
        assertThat(stored(name)).isEqualTo(text);
        assertThatThrownBy(() -> archiver().archive(new WalFileName.History(new TimelineId(4)), new byte[0]))
                .isInstanceOf(WalRejectedException.class)
                .hasMessage(
                        "Cannot archive the server's 00000004.history: it names no parent of timeline 4. It is damaged or was"
                                + " renamed: look at the server's log and disk");
    }

    private ObjectKey containerKey() {
        try (Stream<ObjectInfo> objects = storage.list("main/", "")) {
            return objects.map(ObjectInfo::key)
                    .filter(key -> key.value().contains(SEGMENT.name()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void showsWhereOtherBytesDifferAndReplacesNothing() throws IOException {
        byte[] other = FakeWal.otherBytes(SEGMENT, 500_000);
        int offset = Arrays.mismatch(other, FakeWal.bytes(SEGMENT));
        archiver().archive(FakeWal.write(walDirectory, SEGMENT));
        Path file = Files.write(walDirectory.resolve(SEGMENT.name()), other);
        assertThatThrownBy(() -> archiver().archive(file))
                .isInstanceOfSatisfying(WalConflictException.class, conflict -> {
                    assertThat(conflict.kind()).isEqualTo(WalConflictException.Kind.OTHER_RECORDS);
                    assertThat(conflict.code()).isEqualTo("archive.conflict.records");
                    assertThat(conflict.offset()).isEqualTo(offset);
                    assertThat(conflict.position()).contains(SEGMENT.start().plus(offset));
                    assertThat(conflict.fileName()).isEqualTo(SEGMENT.name());
                    assertThat(conflict.archivedSha256()).isNotEqualTo(conflict.offeredSha256());
                })
                .hasMessageStartingWith(
                        "Cannot archive 000000010000000000000007: the repository holds other bytes under"
                                + " this name. They first differ at byte " + offset + ", position "
                                + SEGMENT.start().plus(offset) + ". SHA-256 of the archived")
                .hasMessageEndingWith("nothing was replaced.");
        assertThat(stored(NAME)).isEqualTo(FakeWal.bytes(SEGMENT));
    }

    @Test
    void tellsAnotherTailFromOtherRecords() throws IOException {
        Path file = Files.write(walDirectory.resolve(SEGMENT.name() + ".partial"), FakeWal.bytes(SEGMENT, 10));
        archiver().archive(file);
        byte[] shorter = FakeWal.bytes(SEGMENT, 10);
        Arrays.fill(shorter, 70_000, shorter.length, (byte) 0);
        Files.write(file, shorter);
        assertThatThrownBy(() -> archiver().archive(file))
                .isInstanceOf(WalConflictException.class)
                .hasMessageContaining("where the WAL of the offered file ends and that of the archived one goes on.")
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("archive.conflict.tail");
    }

    @Test
    void refusesASegmentWithADamagedRecordUnlessThatIsAllowed() throws IOException {
        byte[] damaged = FakeWal.bytes(SEGMENT);
        damaged[500_000] ^= 1;
        Path file = Files.write(walDirectory.resolve(SEGMENT.name()), damaged);
        assertThatThrownBy(() -> archiver().archive(file))
                .isInstanceOfSatisfying(WalRejectedException.class, rejected -> {
                    assertThat(rejected.reason()).isEqualTo(WalRejectedException.Reason.DAMAGED);
                    assertThat(rejected.code()).isEqualTo("archive.damaged");
                })
                .hasMessageMatching(
                        "Cannot archive .*000000010000000000000007: its records end at 0/77A[0-9A-F]{3}, before"
                                + " the segment does: checksum [0-9A-F]{8}, expected [0-9A-F]{8}\\. No replay can go past this"
                                + " point: .* allow it with the option for damaged segments, and take a new backup at once");
        assertThat(incarnation(storage).wal().header(NAME)).isEmpty();
        WalArchiver allowing = WalArchiver.builder(incarnation(storage))
                .damagedSegments(DamagedSegments.ARCHIVE)
                .build();
        assertThat(allowing.archive(file)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(stored(NAME)).isEqualTo(damaged);
    }

    @Test
    void refusesASegmentThatWasNotWrittenToItsEnd() throws IOException {
        Path file = Files.write(walDirectory.resolve(SEGMENT.name()), FakeWal.bytes(SEGMENT, 10));
        assertThatThrownBy(() -> archiver().archive(file))
                .isInstanceOf(WalRejectedException.class)
                .hasMessageContaining("its records end at 0/713000, before the segment does: zero bytes. ")
                .extracting(e -> ((WalRejectedException) e).reason())
                .isEqualTo(WalRejectedException.Reason.UNFINISHED);
    }

    @Test
    void refusesARecycledFileThatWasNotWrittenToItsEnd() throws IOException {
        byte[] bytes = FakeWal.bytes(SEGMENT);
        byte[] earlier = FakeWal.bytes(FakeWal.segment(3));
        System.arraycopy(earlier, 81_920, bytes, 81_920, bytes.length - 81_920);
        Path file = Files.write(walDirectory.resolve(SEGMENT.name()), bytes);
        assertThatThrownBy(() -> archiver().archive(file))
                .isInstanceOf(WalRejectedException.class)
                .hasMessageContaining("its records end at 0/714000, before the segment does")
                .extracting(e -> ((WalRejectedException) e).reason())
                .isEqualTo(WalRejectedException.Reason.UNFINISHED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v13",
                "v14",
                "v15",
                "v16",
                "v17",
                "v18",
                "v15-compressed",
                "v18.6-compressed",
                "timelines-v13",
                "timelines-v17"
            })
    void acceptsEveryFinishedSegmentOfRealServers(String name) throws IOException {
        SampleWal sample = SampleWal.read(name);
        WalPageHeader header =
                WalPageHeader.parse(sample.segments().get(sample.segments().firstKey()));
        ClusterIdentity identity =
                new ClusterIdentity(header.systemIdentifier(), header.version(), header.segmentSize());
        WalArchiver archiver = WalArchiver.builder(
                        Repository.at(storage, "other").init(identity))
                .build();
        int finished = 0;
        for (SortedMap<WalSegment, byte[]> run : sample.runs()) {
            for (Map.Entry<WalSegment, byte[]> segment : run.entrySet()) {
                Path file = Files.write(walDirectory.resolve(segment.getKey().name()), segment.getValue());
                if (isLive(run, segment.getKey(), sample)) {
                    assertThatThrownBy(() -> archiver.archive(file))
                            .isInstanceOf(WalRejectedException.class)
                            .extracting(e -> ((WalRejectedException) e).reason())
                            .isEqualTo(Reason.UNFINISHED);
                } else {
                    assertThat(archiver.archive(file)).isEqualTo(ArchiveOutcome.ARCHIVED);
                    finished++;
                }
            }
        }
        assertThat(finished).isPositive();
    }

    /** The last segment of some samples was still being written when it was copied. */
    private static boolean isLive(SortedMap<WalSegment, byte[]> run, WalSegment segment, SampleWal sample) {
        return segment.equals(run.lastKey())
                && segment.equals(sample.segments().lastKey())
                && SegmentScan.of(segment, sample.version())
                                .feed(run.get(segment), 0, run.get(segment).length)
                                .finish()
                                .chain()
                                .end()
                                .kind()
                        == WalEnd.Kind.ZERO_TAIL;
    }

    @Test
    void storesASummaryBesideASegment() throws IOException {
        archiver().archive(FakeWal.write(walDirectory, SEGMENT));
        SegmentSummary summary =
                incarnation(storage).wal().header(NAME).orElseThrow().summary().orElseThrow();
        byte[] bytes = FakeWal.bytes(SEGMENT);
        assertThat(summary)
                .isEqualTo(SegmentScan.of(SEGMENT, FakeWal.CLUSTER.version())
                        .feed(bytes, 0, bytes.length)
                        .finish());
        assertThat(summary.chain().end().kind()).isEqualTo(WalEnd.Kind.PAGES_READ);
    }

    @Test
    void keepsAPartialBesideItsSegment() throws IOException {
        Path partial = walDirectory.resolve(SEGMENT.name() + ".partial");
        Files.write(partial, FakeWal.bytes(SEGMENT, 3));
        assertThat(archiver().archive(partial)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(archiver().archive(FakeWal.write(walDirectory, SEGMENT))).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(stored(new WalFileName.Partial(SEGMENT))).isEqualTo(FakeWal.bytes(SEGMENT, 3));
        assertThat(stored(NAME)).isEqualTo(FakeWal.bytes(SEGMENT));
    }

    @Test
    void refusesNamesThatNoServerArchives() throws IOException {
        Path file = Files.write(walDirectory.resolve("xlogtemp.17"), FakeWal.bytes(SEGMENT));
        assertThatThrownBy(() -> archiver().archive(file))
                .isInstanceOf(WalRejectedException.class)
                .hasMessage("Cannot archive " + file
                        + ": no server with segments of 1048576 bytes archives a file of this name."
                        + " Archive files of pg_wal, under the names that the server gave them")
                .extracting(e -> ((WalRejectedException) e).reason())
                .isEqualTo(Reason.NAME);
    }

    @Test
    void storesNothingOfARefusedFile() throws IOException {
        Path file = Files.write(walDirectory.resolve(SEGMENT.name()), new byte[FakeWal.SIZE.bytes()]);
        assertThatThrownBy(() -> archiver().archive(file)).isInstanceOf(WalRejectedException.class);
        assertThat(incarnation(storage).wal().header(NAME)).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsAnErrorOfItsOwn() {
        assertThatThrownBy(() -> archiver().archive(walDirectory.resolve(SEGMENT.name())))
                .isInstanceOf(PitrException.class)
                .hasMessageStartingWith("Cannot read " + walDirectory.resolve(SEGMENT.name()))
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("archive.unreadable");
    }

    @ParameterizedTest
    @FieldSource("dev.pitr.wal.WalSamples#ALL")
    void acceptsPartialSegmentsOfEveryVersionWhateverFollowsTheirFirstPageHeader(String sample) throws IOException {
        WalSamples.SegmentStart start = WalSamples.segments(sample).get(3);
        WalPageHeader header = WalPageHeader.parse(start.header());
        ClusterIdentity identity =
                new ClusterIdentity(header.systemIdentifier(), header.version(), header.segmentSize());
        Incarnation incarnation = Repository.at(storage, "other").init(identity);
        Path file = Files.write(walDirectory.resolve(start.name() + ".partial"), Arrays.copyOf(start.header(), (int)
                start.sizeBytes()));
        assertThat(WalArchiver.builder(incarnation).build().archive(file)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThatThrownBy(() -> archiver().archive(file)).isInstanceOf(WalRejectedException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"FAIL_AFTER", "UNKNOWN_BEFORE", "SLOW"})
    void settlesAnUnknownOutcomeByComparing(Fault fault) throws IOException {
        FaultInjectingStorage faulty = new FaultInjectingStorage(storage, FaultPlan.at(StorageCall.CREATE, 1, fault));
        Path file = FakeWal.write(walDirectory, SEGMENT);
        WalArchiver archiver = WalArchiver.builder(incarnation(faulty)).build();
        assertThat(archiver.archive(file)).isEqualTo(ArchiveOutcome.ARCHIVED);
        assertThat(stored(NAME)).isEqualTo(FakeWal.bytes(SEGMENT));
    }

    @Test
    void everyFaultAtEveryCallLeavesNothingWrongAndTheNextRunSucceeds() throws IOException {
        Path file = FakeWal.write(walDirectory, SEGMENT);
        int positions = 0;
        for (Fault fault : Fault.values()) {
            for (int position = 1; position <= 12; position++) {
                InMemoryStorage fresh = new InMemoryStorage();
                Repository.at(fresh, "main").init(FakeWal.CLUSTER);
                FaultInjectingStorage faulty = new FaultInjectingStorage(fresh, FaultPlan.at(position, fault));
                boolean acknowledged = acknowledges(faulty, file);
                boolean isThere = incarnation(fresh).wal().header(NAME).isPresent();
                assertThat(isThere || !acknowledged)
                        .as("%s at %s", fault, position)
                        .isTrue();
                WalArchiver.builder(incarnation(fresh)).build().archive(file);
                try (InputStream in = incarnation(fresh).wal().open(NAME)) {
                    assertThat(in.readAllBytes()).isEqualTo(FakeWal.bytes(SEGMENT));
                }
                positions += faulty.struck().isPresent() ? 1 : 0;
            }
        }
        assertThat(positions).isGreaterThan(10);
    }

    private boolean acknowledges(ObjectStorage on, Path file) {
        try {
            WalArchiver.builder(incarnation(on)).build().archive(file);
            return true;
        } catch (PitrException e) {
            return false;
        }
    }

    @Test
    void ofTwoFilesOffered32TimesAtOnceOneIsStoredAndTheOtherConflicts() throws Exception {
        Path one = FakeWal.write(Files.createDirectory(walDirectory.resolve("one")), SEGMENT);
        byte[] otherBytes = FakeWal.otherBytes(SEGMENT, 100_000);
        Path other =
                Files.write(Files.createDirectory(walDirectory.resolve("other")).resolve(SEGMENT.name()), otherBytes);
        List<Callable<Path>> jobs = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            Path file = i % 2 == 0 ? one : other;
            jobs.add(() -> {
                archiver().archive(file);
                return file;
            });
        }
        List<Path> acknowledged = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(32);
        try {
            for (Future<Path> result : threads.invokeAll(jobs)) {
                try {
                    acknowledged.add(result.get());
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(WalConflictException.class);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(acknowledged).hasSize(16).containsOnly(acknowledged.get(0));
        assertThat(stored(NAME)).isEqualTo(Files.readAllBytes(acknowledged.get(0)));
    }

    @Test
    void archivesEveryReadyFileWithHistoriesFirstAndTellsTheServerIfAsked() throws Exception {
        ready(FakeWal.segment(2), FakeWal.segment(1), FakeWal.segment(3));
        Files.writeString(walDirectory.resolve("00000002.history"), "1\t0/300000\tx\n");
        Files.createFile(status("00000002.history.ready"));
        Files.createFile(status(FakeWal.segment(4).name() + ".done"));
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            WalArchiver archiver = WalArchiver.builder(incarnation(storage))
                    .parallel(threads, 3)
                    .readyFiles(ReadyFiles.RENAME_TO_DONE)
                    .build();
            ArchiveReport report = archiver.archiveReady(walDirectory);
            assertThat(report.isComplete()).isTrue();
            assertThat(report).hasToString("4 archived, 0 failed, 0 not tried");
            assertThat(report.archived())
                    .extracting(ArchiveReport.Archived::name)
                    .containsExactly(
                            new WalFileName.History(new TimelineId(2)),
                            FakeWal.name(1),
                            FakeWal.name(2),
                            FakeWal.name(3));
            assertThat(status(FakeWal.segment(1).name() + ".ready")).doesNotExist();
            assertThat(status(FakeWal.segment(1).name() + ".done")).exists();
            assertThat(archiver.archiveReady(walDirectory).archived()).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void leavesReadyFilesToTheServerByDefault() throws IOException {
        ready(SEGMENT);
        archiver().archiveReady(walDirectory);
        assertThat(status(SEGMENT.name() + ".ready")).exists();
        assertThat(archiver().archiveReady(walDirectory).archived())
                .containsExactly(new ArchiveReport.Archived(NAME, ArchiveOutcome.ALREADY_ARCHIVED));
    }

    @Test
    void oneBadFileDoesNotStopTheOthersAndStaysReady() throws IOException {
        ready(FakeWal.segment(1), FakeWal.segment(2), FakeWal.segment(3));
        Files.write(walDirectory.resolve(FakeWal.segment(2).name()), new byte[10]);
        Files.createFile(status("strange.ready"));
        Files.createFile(status(FakeWal.segment(9).name() + ".ready"));
        ArchiveReport report = WalArchiver.builder(incarnation(storage))
                .readyFiles(ReadyFiles.RENAME_TO_DONE)
                .build()
                .archiveReady(walDirectory);
        assertThat(report).hasToString("2 archived, 3 failed, 0 not tried");
        assertThat(report.failures())
                .extracting(ArchiveReport.Failure::fileName)
                .containsExactly(FakeWal.segment(2).name(), FakeWal.segment(9).name(), "strange");
        assertThat(status(FakeWal.segment(2).name() + ".ready")).exists();
    }

    @Test
    void aFailureOfStorageStopsTheRun() throws IOException {
        ready(FakeWal.segment(1), FakeWal.segment(2), FakeWal.segment(3));
        FaultInjectingStorage faulty =
                new FaultInjectingStorage(storage, FaultPlan.at(StorageCall.CREATE, 2, Fault.FAIL_BEFORE));
        ArchiveReport report = WalArchiver.builder(incarnation(faulty)).build().archiveReady(walDirectory);
        assertThat(report).hasToString("1 archived, 1 failed, 1 not tried");
        assertThat(report.failures().get(0).error()).isInstanceOf(StorageUnavailableException.class);
        assertThat(report.untried()).containsExactly(FakeWal.segment(3).name());
        assertThat(archiver().archiveReady(walDirectory).isComplete()).isTrue();
    }

    @Test
    void anInterruptedRunIsCancelled() throws IOException {
        ready(SEGMENT);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> archiver().archiveReady(walDirectory)).isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(incarnation(storage).wal().header(NAME)).isEmpty();
    }

    @Test
    void aFolderWithoutStatusFilesIsAnError() {
        assertThatThrownBy(() -> archiver().archiveReady(walDirectory))
                .isInstanceOf(PitrException.class)
                .hasMessageStartingWith("Cannot read " + walDirectory.resolve("archive_status"));
    }

    @Test
    void givesUpOnAnOutcomeThatStaysUnknown() throws IOException {
        Path file = FakeWal.write(walDirectory, SEGMENT);
        ObjectStorage forgetful = storage;
        for (int call = 1; call <= 3; call++) {
            forgetful =
                    new FaultInjectingStorage(forgetful, FaultPlan.at(StorageCall.CREATE, call, Fault.UNKNOWN_BEFORE));
        }
        WalArchiver archiver = WalArchiver.builder(incarnation(forgetful)).build();
        assertThatThrownBy(() -> archiver.archive(file)).isInstanceOf(UnknownOutcomeException.class);
    }

    private void ready(WalSegment... segments) throws IOException {
        for (WalSegment segment : segments) {
            FakeWal.write(walDirectory, segment);
            Files.createDirectories(status(""));
            Files.createFile(status(segment.name() + ".ready"));
        }
    }

    private Path status(String name) {
        return walDirectory.resolve("archive_status").resolve(name);
    }
}

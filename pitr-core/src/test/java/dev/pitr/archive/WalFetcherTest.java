package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalFetcherTest {
    private static final WalFileName NAME = FakeWal.name(7);

    @TempDir
    Path folder;

    private final InMemoryStorage storage = new InMemoryStorage();
    private Path target;
    private WalSource archive;

    @BeforeEach
    void archiveOneSegment() throws IOException {
        Incarnation incarnation = Repository.at(storage, "main").init(FakeWal.CLUSTER);
        Path wal = Files.createDirectory(folder.resolve("wal"));
        WalArchiver.builder(incarnation).build().archive(FakeWal.write(wal, FakeWal.segment(7)));
        archive = WalSource.of(incarnation.wal());
        target = Files.createDirectory(folder.resolve("pg_wal")).resolve("RECOVERYXLOG");
    }

    private List<String> beside() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void bringsTheWholeFileAndNothingElse() throws IOException {
        Files.writeString(target, "left by an earlier try");
        assertThat(WalFetcher.from(archive).fetch(NAME, target)).isEqualTo(FetchOutcome.FETCHED);
        assertThat(target).hasBinaryContent(FakeWal.bytes(FakeWal.segment(7)));
        assertThat(beside()).containsExactly("RECOVERYXLOG");
    }

    @Test
    void absenceIsAnOutcomeThatTouchesNothing() throws IOException {
        Files.writeString(target, "as it was");
        assertThat(WalFetcher.from(archive).fetch(FakeWal.name(8), target)).isEqualTo(FetchOutcome.ABSENT);
        assertThat(target).hasContent("as it was");
        assertThat(WalFetcher.from(archive).fetch(new WalFileName.History(new TimelineId(2)), target))
                .isEqualTo(FetchOutcome.ABSENT);
    }

    @Test
    void damageIsAFaultThatLeavesTheTargetAsItWas() throws IOException {
        ObjectKey key = key();
        byte[] container = storage.open(key).readAllBytes();
        for (int cut : new int[] {container.length - 1, container.length / 2, 10}) {
            storage.put(key, Content.of(Arrays.copyOf(container, cut)));
            assertThatThrownBy(() -> WalFetcher.from(archive).fetch(NAME, target))
                    .isInstanceOf(PitrException.class);
            assertThat(beside()).isEmpty();
        }
        container[container.length / 2] ^= 4;
        storage.put(key, Content.of(container));
        assertThatThrownBy(() -> WalFetcher.from(archive).fetch(NAME, target)).isInstanceOf(PitrException.class);
        assertThat(beside()).isEmpty();
    }

    private ObjectKey key() {
        try (Stream<ObjectInfo> objects = storage.list("main/", "")) {
            return objects.map(ObjectInfo::key)
                    .filter(key -> key.value().contains(NAME.name()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aTargetThatCannotBeWrittenIsAFault() {
        Path nowhere = folder.resolve("nowhere").resolve("RECOVERYXLOG");
        assertThatThrownBy(() -> WalFetcher.from(archive).fetch(NAME, nowhere))
                .isInstanceOf(PitrException.class)
                .hasMessageStartingWith("Cannot fetch " + NAME.name() + " from the archive into " + nowhere)
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("archive.fetch");
    }

    @Test
    void interruptionCancelsAndCleansUp() throws IOException {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() ->
                        WalFetcher.from(WalSource.of(folder.resolve("wal"))).fetch(NAME, target))
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(beside()).isEmpty();
    }

    @Test
    void readsAFolderAndThenAnArchive() throws IOException {
        Path carried = Files.createDirectory(folder.resolve("carried"));
        FakeWal.write(carried, FakeWal.segment(6));
        WalSource both = WalSource.of(carried).orElse(archive);
        assertThat(both.description()).isEqualTo(carried + " or the archive");
        assertThat(WalFetcher.from(both).fetch(FakeWal.name(6), target)).isEqualTo(FetchOutcome.FETCHED);
        assertThat(WalFetcher.from(both).fetch(NAME, target)).isEqualTo(FetchOutcome.FETCHED);
        assertThat(WalFetcher.from(both).fetch(FakeWal.name(8), target)).isEqualTo(FetchOutcome.ABSENT);
    }

    @Test
    void aFolderThatIsGoneIsAFaultAndNotAbsence() {
        WalSource gone = WalSource.of(folder.resolve("gone"));
        assertThatThrownBy(() -> WalFetcher.from(gone).fetch(NAME, target))
                .isInstanceOf(PitrException.class)
                .hasMessageStartingWith("Cannot read " + folder.resolve("gone"));
    }

    @Test
    void stagesThePlanInParallelOrSaysWhatIsMissing() throws Exception {
        Path wal = folder.resolve("wal");
        FakeWal.write(wal, FakeWal.segment(8));
        PlannedWal planned = PlannedWal.of(List.of(NAME, FakeWal.name(8), FakeWal.name(9)));
        Path staged = folder.resolve("staged");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            WalStager stager = WalStager.builder(staged, WalSource.of(wal), planned)
                    .parallel(threads, 2)
                    .build();
            assertThatThrownBy(stager::stage)
                    .isInstanceOf(WalMissingException.class)
                    .hasMessageStartingWith("Cannot find " + FakeWal.name(9).name() + " in " + wal);
            assertThat(staged.resolve(WalStager.NAMES)).doesNotExist();
            FakeWal.write(wal, FakeWal.segment(9));
            assertThat(stager.stage().line()).contains(staged.toString());
            assertThat(staged.resolve(FakeWal.name(9).name())).hasBinaryContent(FakeWal.bytes(FakeWal.segment(9)));
            assertThat(staged.resolve(WalStager.NAMES))
                    .hasContent("000000010000000000000007\n000000010000000000000008\n000000010000000000000009\nend\n");
        } finally {
            threads.shutdownNow();
        }
    }
}

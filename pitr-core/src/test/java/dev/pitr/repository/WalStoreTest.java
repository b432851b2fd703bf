package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalStoreTest {
    private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;
    private static final WalFileName HISTORY = new WalFileName.History(new TimelineId(2));
    private static final byte[] SMALL =
            "1\t0/3000000\tno recovery target specified\n".getBytes(StandardCharsets.US_ASCII);

    private final InMemoryStorage storage = new InMemoryStorage();
    private final WalStore store =
            Repository.at(storage, "main").init(Identities.CLUSTER).wal();

    @Test
    void givesBackExactlyWhatWasStored() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        WalFileName file = segment(7);
        WalStore.Stored stored = store.create(file, Content.of(bytes));
        assertThat(read(file)).isEqualTo(bytes);
        assertThat(store.header(file)).contains(stored.header());
        assertThat(stored.header().rawSizeBytes()).isEqualTo(300_000);
        assertThat(stored.header().rawSha256()).isEqualTo(Sha256.of(bytes, 0, bytes.length));
        assertThat(stored.header().name()).isEqualTo(file.name());
    }

    @Test
    void laysEachKindOfFileWhereTheFormatSays() {
        WalSegment segment = new WalSegment(new TimelineId(1), 0x2AFF, SIZE);
        store.create(new WalFileName.Segment(segment), Content.of(SMALL));
        store.create(new WalFileName.Partial(segment), Content.of(SMALL));
        store.create(new WalFileName.BackupHistory(segment, 0x28), Content.of(SMALL));
        store.create(HISTORY, Content.of(SMALL));
        assertThat(storage.list("main/18-7512345678901234567/wal/", "")
                        .map(object -> object.key().value()))
                .containsExactly(
                        "main/18-7512345678901234567/wal/00000001/000000010000002A/000000010000002A000000FF.zst",
                        "main/18-7512345678901234567/wal/00000001/000000010000002A000000FF.00000028.backup.zst",
                        "main/18-7512345678901234567/wal/00000001/000000010000002A000000FF.partial.zst",
                        "main/18-7512345678901234567/wal/00000002.history.zst");
    }

    @Test
    void readsTheContainersOfFormatOne() throws IOException {
        storage.put(key(HISTORY), Content.of(Golden.bytes("00000002.history.zst")));
        assertThat(read(HISTORY)).isEqualTo(SMALL);
        storage.put(key(segment(3)), Content.of(Golden.bytes("000000010000000000000003.zst")));
        assertThat(read(segment(3))).hasSize(2000).startsWith(0x18, 0xD1, 0x07, 0x00, 0x01);
        WalPageHeader page = store.header(segment(3)).orElseThrow().page().orElseThrow();
        assertThat(page.address()).isEqualTo(segment(3).segment().start());
        assertThat(page.systemIdentifier()).isEqualTo(7512345678901234567L);
    }

    @Test
    void neverReplacesAFile() throws IOException {
        store.create(HISTORY, Content.of(SMALL));
        assertThatThrownBy(() -> store.create(HISTORY, Content.of(new byte[3])))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(read(HISTORY)).isEqualTo(SMALL);
    }

    @Test
    void tellsAbsenceFromDamage() {
        assertThat(store.header(HISTORY)).isEmpty();
        assertThatThrownBy(() -> store.open(HISTORY)).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void detectsEveryFlippedBitOfAContainer() {
        byte[] container = container();
        for (int i = 0; i < container.length * 8; i++) {
            byte[] damaged = container.clone();
            damaged[i / 8] ^= (byte) (1 << (i % 8));
            assertDamageIsFound(damaged, "bit " + i);
        }
    }

    @Test
    void detectsEveryTruncationOfAContainer() {
        byte[] container = container();
        for (int length = 0; length < container.length; length++) {
            assertDamageIsFound(Arrays.copyOf(container, length), "length " + length);
        }
    }

    @Test
    void detectsGarbageAfterAContainer() {
        byte[] container = container();
        assertDamageIsFound(Arrays.copyOf(container, container.length + 1), "one zero more");
        byte[] twice = Arrays.copyOf(container, container.length * 2);
        System.arraycopy(container, 0, twice, container.length, container.length);
        assertDamageIsFound(twice, "the container twice");
    }

    @Test
    void refusesAContainerOfAnotherFile() {
        store.create(HISTORY, Content.of(SMALL));
        WalFileName other = new WalFileName.History(new TimelineId(3));
        storage.put(key(other), Content.of(bytes(key(HISTORY))));
        assertThatThrownBy(() -> store.open(other))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("it holds 00000002.history");
    }

    @Test
    void storesAFileThatDoesNotFitMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("segment");
        byte[] block = new byte[1 << 20];
        Random random = new Random(2);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 40; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        WalStore spilling = Repository.builder(storage, "main")
                .temporaryFolder(folder)
                .build()
                .incarnation(Identities.CLUSTER)
                .wal();
        spilling.create(segment(1), Content.of(file));
        try (InputStream in = store.open(segment(1));
                InputStream expected = Files.newInputStream(file)) {
            assertThat(in).hasSameContentAs(expected);
        }
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void listsOnlyTheSegmentsOfAPath() {
        for (long number : new long[] {1, 2, 3, 255, 256, 257, 300}) {
            store.create(segment(number), Content.of(SMALL));
        }
        store.create(new WalFileName.Partial(segment(2).segment()), Content.of(SMALL));
        var coverage = store.coverage(segment(2).segment(), segment(257).segment());
        assertThat(coverage.runs(new TimelineId(1)))
                .extracting(run -> run.first().number() + "-" + run.last().number())
                .containsExactly("2-3", "255-257");
        assertThat(store.coverage().segmentCount()).isEqualTo(7);
    }

    private byte[] container() {
        store.create(HISTORY, Content.of(SMALL));
        return bytes(key(HISTORY));
    }

    private void assertDamageIsFound(byte[] damaged, String what) {
        storage.put(key(HISTORY), Content.of(damaged));
        Throwable thrown = catchThrowable(() -> read(HISTORY));
        assertThat(thrown).as(what).isInstanceOf(PitrException.class);
        assertThat(thrown.getMessage()).as(what).contains(key(HISTORY).value());
        assertThat(thrown instanceof StorageCorruptException || thrown instanceof RepositoryException)
                .as(what)
                .isTrue();
    }

    private byte[] read(WalFileName file) throws IOException {
        try (InputStream in = store.open(file)) {
            return in.readAllBytes();
        }
    }

    private byte[] bytes(ObjectKey key) {
        return StoredJson.bytes(storage, key);
    }

    private static ObjectKey key(WalFileName file) {
        return RepositoryLayout.walFile(new ObjectKey("main/18-7512345678901234567"), file);
    }

    private static WalFileName.Segment segment(long number) {
        return new WalFileName.Segment(new WalSegment(new TimelineId(1), number, SIZE));
    }
}

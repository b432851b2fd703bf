package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.catalog.Catalogue;
import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepositoryTest {
    private static final ObjectKey CLUSTER_RECORD = new ObjectKey("main/18-7512345678901234567/cluster.json");
    private static final ObjectKey ORDINAL = new ObjectKey("main/incarnations/00000001.json");

    private final InMemoryStorage storage = new InMemoryStorage();
    private final Repository repository = Repository.builder(storage, "main")
            .clock(Clock.fixed(Instant.parse("2026-11-20T14:26:42.123456Z"), ZoneOffset.UTC))
            .build();

    @Test
    void refusesToBeUsedBeforeItWasOpened() {
        assertThatThrownBy(() -> repository.incarnation(Identities.CLUSTER))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("Cannot use repository main in memory")
                .hasMessageContaining("run init")
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.not-initialized");
        assertThatThrownBy(repository::current).isInstanceOf(RepositoryException.class);
        assertThat(repository.incarnations()).isEmpty();
        assertThat(storage.list("", "")).isEmpty();
    }

    @Test
    void isOpenedInAStorageThatMayReplaceOnlyIfThatIsAllowed() {
        ObjectStorage unsafe = (ObjectStorage) Proxy.newProxyInstance(
                ObjectStorage.class.getClassLoader(),
                new Class<?>[] {ObjectStorage.class},
                (proxy, method, arguments) ->
                        method.getName().equals("enforcesCreateIfAbsent") ? false : method.invoke(storage, arguments));

        assertThatThrownBy(() -> Repository.at(unsafe, "main").init(Identities.CLUSTER))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("the storage doesn't enforce create-if-absent")
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.unsafe-storage");
        assertThat(storage.list("", "")).isEmpty();

        Repository.builder(unsafe, "main").allowUnsafeStorage().build().init(Identities.CLUSTER);
        assertThat(repository.incarnations()).hasSize(1);
    }

    @Test
    void isOpenedOnceAndAgainForTheSameCluster() {
        repository.init(Identities.CLUSTER);
        List<String> keys = keys();
        assertThat(repository.init(Identities.CLUSTER).identity()).isEqualTo(Identities.CLUSTER);
        assertThat(keys()).isEqualTo(keys).containsExactly(CLUSTER_RECORD.value(), ORDINAL.value());
        assertThat(repository.current().identity()).isEqualTo(Identities.CLUSTER);
        assertThat(repository.incarnation(Identities.CLUSTER).identity()).isEqualTo(Identities.CLUSTER);
    }

    @Test
    void writesTheRecordsOfFormatOne() {
        repository.init(Identities.CLUSTER);
        Golden.assertSame("cluster.json", StoredJson.bytes(storage, CLUSTER_RECORD));
        Golden.assertSame("incarnation.json", StoredJson.bytes(storage, ORDINAL));
    }

    @Test
    void refusesAnotherCluster() {
        repository.init(Identities.CLUSTER);
        for (ClusterIdentity other : List.of(Identities.OTHER, Identities.SMALL_SEGMENTS)) {
            for (Throwable thrown : new Throwable[] {
                catchThrowable(() -> repository.init(other)), catchThrowable(() -> repository.incarnation(other))
            }) {
                assertThat(thrown)
                        .isInstanceOf(RepositoryException.class)
                        .hasMessageContaining("for " + other + " with segments of")
                        .hasMessageContaining(
                                "open for PostgreSQL 18 cluster 7512345678901234567 with segments of 16 MiB");
                assertThat(((RepositoryException) thrown).code()).isEqualTo("repository.other-cluster");
            }
        }
        assertThatThrownBy(() -> repository.addIncarnation(Identities.SMALL_SEGMENTS))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("segments of 1 MiB");
    }

    @Test
    void isOpenForAFurtherClusterOnlyOnRequest() {
        assertThatThrownBy(() -> repository.addIncarnation(Identities.OTHER))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("never opened");
        repository.init(Identities.CLUSTER);
        repository.addIncarnation(Identities.OTHER);
        repository.addIncarnation(Identities.OTHER);
        assertThat(repository.current().identity()).isEqualTo(Identities.OTHER);
        assertThat(identities()).containsExactly(Identities.CLUSTER, Identities.OTHER);
        assertThat(repository.init(Identities.CLUSTER).identity()).isEqualTo(Identities.CLUSTER);
        repository.addIncarnation(Identities.CLUSTER);
        assertThat(identities()).containsExactly(Identities.OTHER, Identities.CLUSTER);
    }

    @Test
    void hasOneWinnerOfRacingOpenings() {
        List<ClusterIdentity> wanted = clusters(8);
        List<Object> outcomes = race(wanted, identity -> repository.init(identity));
        assertThat(outcomes).filteredOn(Incarnation.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(RepositoryException.class::isInstance)
                .hasSize(7)
                .allMatch(e -> ((RepositoryException) e).code().equals("repository.other-cluster"));
        assertThat(repository.incarnations()).hasSize(1);
    }

    @Test
    void putsRacingAdditionsIntoOneOrder() {
        repository.init(Identities.OTHER);
        List<Object> outcomes = race(clusters(8), identity -> repository.addIncarnation(identity));
        assertThat(outcomes).allMatch(Incarnation.class::isInstance);
        assertThat(identities()).hasSize(9).startsWith(Identities.OTHER).doesNotHaveDuplicates();
    }

    @Test
    void completesAnInterruptedOpening() {
        repository.init(Identities.CLUSTER);
        storage.delete(List.of(CLUSTER_RECORD));
        assertThatThrownBy(repository::current).hasMessageContaining("interrupted");
        repository.init(Identities.CLUSTER);
        assertThat(repository.current().identity()).isEqualTo(Identities.CLUSTER);
    }

    @Test
    void detectsEveryFlippedBitOfItsRecords() {
        repository.init(Identities.CLUSTER);
        for (ObjectKey key : List.of(CLUSTER_RECORD, ORDINAL)) {
            byte[] json = StoredJson.bytes(storage, key);
            for (int i = 0; i < json.length * 8; i++) {
                byte[] damaged = json.clone();
                damaged[i / 8] ^= (byte) (1 << (i % 8));
                assertCorrupt(key, damaged);
            }
            for (int length = 0; length < json.length; length++) {
                assertCorrupt(key, Arrays.copyOf(json, length));
            }
            storage.put(key, Content.of(json));
        }
    }

    private void assertCorrupt(ObjectKey key, byte[] damaged) {
        storage.put(key, Content.of(damaged));
        assertThatThrownBy(repository::current)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining(key.value())
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.corrupt");
    }

    @Test
    void ignoresFieldsThatItDoesNotKnow() {
        repository.init(Identities.CLUSTER);
        rewrite(json -> json.replace("\"major\"", "\"new\": {\"a\": [1.5, null]},\n  \"major\""));
        assertThat(repository.current().identity()).isEqualTo(Identities.CLUSTER);
    }

    @Test
    void refusesFormatsAndFeaturesThatItDoesNotKnow() {
        repository.init(Identities.CLUSTER);
        rewrite(json -> json.replace("\"requires\": [ ]", "\"requires\": [\"encryption\"]"));
        assertThatThrownBy(repository::current)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("requires encryption")
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.unsupported-feature");
        rewrite(json -> json.replace("\"format\": 1", "\"format\": 2"));
        assertThatThrownBy(repository::current)
                .hasMessageContaining("it has format 2")
                .extracting(e -> ((RepositoryException) e).code())
                .isEqualTo("repository.unsupported-format");
    }

    @Test
    void namesAMissingField() {
        repository.init(Identities.CLUSTER);
        rewrite(json -> json.replace("\"segment-size\"", "\"size\""));
        assertThatThrownBy(repository::current)
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("cluster.json: field \"segment-size\" is missing");
    }

    @Test
    void readsTheCatalogueAndTellsWhatIsUnreadable() {
        Incarnation incarnation = repository.init(Identities.CLUSTER);
        WalSegment segment = new WalSegment(new TimelineId(2), 5, WalSegmentSize.DEFAULT);
        Content history = Content.of("1\t0/3000000\tx\n".getBytes(StandardCharsets.UTF_8));
        incarnation.wal().create(new WalFileName.Segment(segment), Content.of(new byte[100]));
        incarnation.wal().create(new WalFileName.Partial(segment.next()), Content.of(new byte[100]));
        incarnation.wal().create(new WalFileName.History(new TimelineId(2)), history);
        incarnation.wal().create(new WalFileName.History(new TimelineId(3)), Content.of(new byte[] {'x'}));
        for (String foreign : List.of("wal/README", "wal/00000002/x.zst", "backups/README", "notes/a")) {
            storage.put(new ObjectKey("main/18-7512345678901234567/" + foreign), Content.of(new byte[0]));
        }
        Catalogue catalogue = incarnation.catalogue();
        assertThat(catalogue.wal().contains(segment)).isTrue();
        assertThat(catalogue.wal().segmentCount()).isEqualTo(1);
        assertThat(catalogue.partials()).containsExactly(segment.next());
        assertThat(catalogue.histories()).containsOnlyKeys(new TimelineId(2));
        assertThat(catalogue.unreadable())
                .extracting(unreadable -> unreadable.key())
                .containsExactly("main/18-7512345678901234567/wal/00000003.history.zst");
    }

    @Test
    void refusesAnOptionThatIsSetTwice() {
        assertThatThrownBy(() -> Repository.builder(storage, "main")
                        .walCompressionLevel(1)
                        .walCompressionLevel(2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("walCompressionLevel");
        assertThatThrownBy(() -> Repository.at(storage, "a/b")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Edits cluster.json as a person would, who then corrects its checksum. */
    private void rewrite(java.util.function.UnaryOperator<String> edit) {
        String text = new String(StoredJson.bytes(storage, CLUSTER_RECORD), StandardCharsets.UTF_8);
        String body = edit.apply(text.substring(0, text.indexOf("  \"sha256\"")));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String sealed = body + "  \"sha256\": \"" + Sha256.of(bytes, 0, bytes.length) + "\"\n}\n";
        storage.put(CLUSTER_RECORD, Content.of(sealed.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> keys() {
        return storage.list("", "").map(object -> object.key().value()).toList();
    }

    private List<ClusterIdentity> identities() {
        return repository.incarnations().stream().map(Incarnation::identity).toList();
    }

    private static List<ClusterIdentity> clusters(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ClusterIdentity(1000 + i, PostgresVersion.V18, WalSegmentSize.DEFAULT))
                .toList();
    }

    private interface Opening {
        Incarnation open(ClusterIdentity identity);
    }

    private static List<Object> race(List<ClusterIdentity> identities, Opening opening) {
        CyclicBarrier start = new CyclicBarrier(identities.size());
        Object[] outcomes = new Object[identities.size()];
        List<Thread> threads = IntStream.range(0, identities.size())
                .mapToObj(i -> new Thread(() -> {
                    try {
                        start.await();
                        outcomes[i] = opening.open(identities.get(i));
                    } catch (Exception e) {
                        outcomes[i] = e;
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        threads.forEach(RepositoryTest::join);
        return Arrays.asList(outcomes);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

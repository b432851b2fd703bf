package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.GenericJson;
import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent, and how often: requests are money. */
class GcsRequestsIT {
    private static final ObjectKey KEY = new ObjectKey("a/b");

    private FakeGcs server;
    private FakeBucket bucket;
    private GcsStorage storage;

    @BeforeEach
    void start() {
        server = FakeGcs.start();
        bucket = server.bucket("counted");
        storage = builder().build();
    }

    private GcsStorageBuilder builder() {
        return GcsStorage.builder("counted").client(TestGcs.client(server.endpoint()));
    }

    @AfterEach
    void stop() {
        storage.close();
        server.close();
    }

    private void assertRequests(int expected, ThrowingRun run) throws IOException {
        server.forgetLog();
        run.run();
        assertThat(server.log()).hasSize(expected);
    }

    private interface ThrowingRun {
        void run() throws IOException;
    }

    @Test
    void sendsOneRequestForEachObjectThatFitsTheBuffer() throws IOException {
        byte[] segment = new byte[(16 << 20) + 100_000];
        assertRequests(1, () -> storage.createIfAbsent(KEY, Content.of(segment)));
        assertRequests(1, () -> storage.put(KEY, Content.of(segment)));
        assertRequests(1, () -> {
            try (InputStream in = storage.open(KEY)) {
                assertThat(in.readAllBytes()).isEqualTo(segment);
            }
        });
        assertRequests(1, () -> storage.open(KEY, 5, 5).close());
        assertRequests(1, () -> assertThat(storage.stat(KEY)).isPresent());
        assertRequests(1, () -> assertThat(storage.stat(new ObjectKey("c"))).isEmpty());
        assertRequests(1, () -> {
            try (ObjectUpload upload = storage.upload(KEY)) {
                upload.write(new byte[1 << 20]);
                upload.commit();
            }
        });
        assertRequests(0, () -> storage.upload(KEY).close());
    }

    @Test
    void sendsARequestForEachBufferOfALargeObjectAndOneToBegin() throws IOException {
        assertRequests(4, () -> storage.put(KEY, Content.of(new byte[40 << 20])));
    }

    @Test
    void deletesAHundredObjectsWithEachRequest() throws IOException {
        List<ObjectKey> keys =
                IntStream.range(0, 250).mapToObj(i -> new ObjectKey("k" + i)).toList();

        assertRequests(3, () -> storage.delete(keys));
        assertRequests(1, () -> storage.delete(keys.subList(0, 1)));
        assertRequests(0, () -> storage.delete(List.of()));
    }

    @Test
    void deletesOneByOneWhereTheServerHasNoBatches() throws IOException {
        server.fail("POST /batch", FakeFault.NO_SUCH_METHOD, Integer.MAX_VALUE);
        List<ObjectKey> keys =
                IntStream.range(0, 5).mapToObj(i -> new ObjectKey("k" + i)).toList();
        keys.forEach(key -> storage.put(key, Content.of(new byte[1])));

        assertRequests(6, () -> storage.delete(keys));
        assertRequests(5, () -> storage.delete(keys));
        assertThat(storage.list("", "")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "UNAVAILABLE", "THROTTLED", "LOST_ANSWER"})
    void looksListsAndDeletesInSpiteOfFailures(FakeFault fault) {
        List<ObjectKey> keys = List.of(new ObjectKey("x"), new ObjectKey("y"), new ObjectKey("z"));
        keys.forEach(key -> storage.put(key, Content.of(new byte[3])));
        server.fail("GET /storage", fault, 2);
        server.fail("batch", fault, 2);
        server.fail("DELETE", fault, 2);

        assertThat(storage.stat(keys.get(0))).isPresent();
        assertThat(storage.list("", "")).hasSize(3);
        storage.delete(keys.subList(0, 2));
        storage.delete(keys);
        assertThat(storage.list("", "")).isEmpty();
    }

    @Test
    void triesEveryKeyEvenAfterOneHasFailed() {
        List<ObjectKey> keys =
                IntStream.range(0, 250).mapToObj(i -> new ObjectKey("k" + i)).toList();
        keys.forEach(key -> storage.put(key, Content.of(new byte[1])));
        server.fail("POST /batch", FakeFault.UNAVAILABLE, 4);

        assertThatThrownBy(() -> storage.delete(keys)).isInstanceOf(StorageUnavailableException.class);
        assertThat(storage.list("", "")).hasSize(100);
    }

    @Test
    void probesOnceForAStore() throws IOException {
        assertRequests(3, storage::enforcesCreateIfAbsent);
        assertRequests(0, storage::enforcesCreateIfAbsent);
    }

    @Test
    void listsAThousandObjectsWithEachRequestAndNoMoreThanAreWanted() throws IOException, ApiError {
        fill(2_500);

        assertRequests(3, () -> assertThat(storage.list("k/", "")).hasSize(2_500));
        assertRequests(1, () -> {
            try (Stream<ObjectInfo> objects = storage.list("k/", "k/00001999")) {
                assertThat(objects.iterator().next().key().value()).isEqualTo("k/00001999");
            }
        });
        assertRequests(0, () -> assertThat(storage.list("k/", "l")).isEmpty());
        assertRequests(0, () -> assertThat(storage.list("\u00e9", "")).isEmpty());
    }

    @Test
    @Tag("soak")
    void listsAHundredThousandObjects() throws ApiError {
        fill(100_000);

        try (Stream<ObjectInfo> objects = storage.list("k/", "")) {
            Iterator<ObjectInfo> all = objects.iterator();
            for (int i = 0; i < 100_000; i++) {
                assertThat(all.next().key().value()).isEqualTo(String.format("k/%08d", i));
            }
            assertThat(all.hasNext()).isFalse();
        }
        assertThat(server.log()).hasSize(100);
    }

    private void fill(int count) throws ApiError {
        for (int i = 0; i < count; i++) {
            bucket.put(String.format("k/%08d", i), new GenericJson(), Map.of(), new byte[1]);
        }
    }

    @Test
    void tellsTheStoreWhatTheObjectsAre() throws ApiError {
        String key = "projects/p/locations/eu/keyRings/r/cryptoKeys/k";
        Instant before = Instant.now();
        GcsStorage described = builder()
                .storageClass(ObjectKind.WAL, GcsStorageClass.NEARLINE)
                .storageClass(ObjectKind.BACKUP_DATA, GcsStorageClass.COLDLINE)
                .kmsKey(key)
                .metadata("service", "orders")
                .bufferBytes(256 * 1024)
                .build();
        String incarnation = "main/18-7512345678901234567/";
        String segment = incarnation + "wal/00000001/000000010000002A/000000010000002A000000FF.zst";
        String part = incarnation + "backups/20261120T142642Z-4f1c/base/00001.tar.zst";
        String record = incarnation + "cluster.json";
        for (String object : List.of(segment, part, record)) {
            described.put(new ObjectKey(object), Content.of(new byte[object.equals(part) ? 2 << 20 : 10]));
        }

        assertThat(stored(segment)).containsEntry("storageClass", "NEARLINE").containsEntry("kmsKeyName", key);
        assertThat(stored(part)).containsEntry("storageClass", "COLDLINE").containsEntry("kmsKeyName", key);
        assertThat(stored(record)).doesNotContainKey("storageClass").containsEntry("kmsKeyName", key);
        assertThat(stored(record)).doesNotContainKey("customTime");
        for (String object : List.of(segment, part)) {
            assertThat(Instant.parse((String) stored(object).get("customTime")))
                    .isBetween(before.minusMillis(1), Instant.now());
        }
        for (String object : List.of(segment, part, record)) {
            assertThat(stored(object).get("metadata")).isEqualTo(Map.of("service", "orders"));
        }
    }

    private GenericJson stored(String object) throws ApiError {
        return bucket.get(object, Map.of()).json("counted");
    }
}

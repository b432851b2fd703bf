package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left, and what is said, when requests, answers and connections go wrong. */
class GcsFaultsIT {
    private static final int CHUNK = 256 * 1024;
    private static final int ALWAYS = Integer.MAX_VALUE;
    private static final String WRITE = "POST /upload.*uploadType=multipart";
    private static final String START = "POST /upload.*uploadType=resumable";
    private static final String CHUNKS = "PUT /upload.*upload_id";
    private static final String READ = "GET /download";
    private static final ObjectKey KEY = new ObjectKey("a/b");

    private FakeGcs server;
    private FakeBucket bucket;
    private GcsStorage storage;

    @BeforeEach
    void start() {
        server = FakeGcs.start();
        bucket = server.bucket("faulty");
        storage = open();
    }

    private GcsStorage open() {
        return GcsStorage.builder("faulty")
                .prefix("p")
                .client(TestGcs.client(server.endpoint()))
                .bufferBytes(CHUNK)
                .build();
    }

    @AfterEach
    void stop() {
        Thread.interrupted();
        storage.close();
        server.close();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Content content(int size) {
        return Content.of(bytes(size));
    }

    private byte[] read() throws IOException {
        try (InputStream in = storage.open(KEY)) {
            return in.readAllBytes();
        }
    }

    private void upload(int size) throws IOException {
        try (ObjectUpload upload = storage.upload(KEY)) {
            upload.write(bytes(size));
            upload.commit();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "UNAVAILABLE", "THROTTLED", "LOST_ANSWER", "CUT_ANSWER"})
    void repeatsAPutThatFailed(FakeFault fault) throws IOException {
        server.fail(WRITE, fault, 2);

        storage.put(KEY, content(1000));

        assertThat(read()).isEqualTo(bytes(1000));
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "UNAVAILABLE", "THROTTLED"})
    void repeatsACreateThatFailed(FakeFault fault) throws IOException {
        server.fail(WRITE, fault, 2);

        storage.createIfAbsent(KEY, content(1000));

        assertThat(read()).isEqualTo(bytes(1000));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST_ANSWER", "CUT_ANSWER"})
    void saysThatAnObjectExistsWhenTheAnswerToItsCreationWasLost(FakeFault fault) throws IOException {
        server.fail(WRITE, fault, 1);

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, content(1000))).isInstanceOf(ObjectExistsException.class);
        assertThat(read()).isEqualTo(bytes(1000));
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "UNAVAILABLE", "LOST_ANSWER"})
    void saysThatItCannotTellWhenEveryAttemptMayHaveWorked(FakeFault fault) {
        server.fail(WRITE, fault, ALWAYS);

        assertThatThrownBy(() -> storage.put(KEY, content(1000)))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("put a/b in gs://faulty/p");
        assertThat(server.log()).hasSize(4);
    }

    @Test
    void saysThatItDidNotWorkWhenNoAttemptCanHaveWorked() {
        server.fail(WRITE, FakeFault.THROTTLED, ALWAYS);

        assertThatThrownBy(() -> storage.put(KEY, content(1000)))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("429 rateLimitExceeded: Slow down");

        server.close();
        for (int size : List.of(1000, 3 * CHUNK)) {
            assertThatThrownBy(() -> storage.put(KEY, content(size)))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("Connect");
        }
        assertThatThrownBy(() -> storage.stat(KEY)).isInstanceOf(StorageUnavailableException.class);
        assertThatThrownBy(() -> storage.open(KEY)).isInstanceOf(StorageUnavailableException.class);
        assertThatThrownBy(() -> storage.delete(List.of(KEY))).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void staysInDoubtWhenALaterAttemptIsRefused() {
        storage.put(KEY, content(10));
        server.fail(WRITE, FakeFault.UNAVAILABLE, 1);
        bucket.retain(true);
        assertThatThrownBy(() -> storage.put(KEY, content(20)))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("retentionPolicyNotMet");
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "UNAVAILABLE", "THROTTLED", "LOST_ANSWER", "CUT_ANSWER", "PART_OF_CHUNK"})
    void goesOnWithAChunkedUploadWhereTheStoreGotTo(FakeFault fault) throws IOException {
        int size = 5 * CHUNK + 77;
        for (int skipped = 0; skipped < 6; skipped++) {
            server.fail(START, fault, skipped == 0 ? 1 : 0);
            server.fail(CHUNKS, null, skipped);
            server.fail(CHUNKS, fault, 2);

            upload(size);

            assertThat(read()).isEqualTo(bytes(size));
            storage.delete(List.of(KEY));
        }
        assertThat(bucket.unfinishedUploads()).isLessThanOrEqualTo(1);
    }

    @Test
    void rewindsWithinAChunkOfWhichThePartIsKept() throws IOException {
        storage.close();
        storage = GcsStorage.builder("faulty")
                .client(TestGcs.client(server.endpoint()))
                .bufferBytes(4 * CHUNK)
                .build();
        server.fail(CHUNKS, FakeFault.PART_OF_CHUNK, 5);

        upload(9 * CHUNK + 1);

        assertThat(read()).isEqualTo(bytes(9 * CHUNK + 1));
    }

    @Test
    void createsALargeObjectOnceWhoeverElseTries() throws IOException {
        byte[] mine = bytes(3 * CHUNK);
        Content interrupted = new Content() {
            @Override
            public long sizeBytes() {
                return mine.length;
            }

            @Override
            public InputStream open() {
                storage.createIfAbsent(KEY, content(5));
                return new ByteArrayInputStream(mine);
            }
        };

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, interrupted)).isInstanceOf(ObjectExistsException.class);
        assertThatThrownBy(() -> storage.createIfAbsent(KEY, Content.of(mine)))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(read()).isEqualTo(bytes(5));
        assertThat(bucket.unfinishedUploads()).isZero();
    }

    @Test
    void checksAgainAtTheEndThatALargeObjectIsAbsent() throws IOException {
        byte[] mine = bytes(3 * CHUNK);
        Content content = new Content() {
            @Override
            public long sizeBytes() {
                return mine.length + (2L << 20);
            }

            @Override
            public InputStream open() {
                return new SequenceInputStream(
                        new ByteArrayInputStream(mine), new ByteArrayInputStream(new byte[2 << 20]) {
                            @Override
                            public synchronized int read(byte[] target, int offset, int length) {
                                if (storage.stat(KEY).isEmpty()) {
                                    storage.createIfAbsent(KEY, content(5));
                                }
                                return super.read(target, offset, length);
                            }
                        });
            }
        };

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, content)).isInstanceOf(ObjectExistsException.class);
        assertThat(read()).isEqualTo(bytes(5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK + 1, 3 * CHUNK})
    void leavesNothingBehindOfAnUploadThatIsGivenUp(int size) throws IOException {
        try (ObjectUpload upload = storage.upload(KEY)) {
            upload.write(bytes(size));
        }
        Content tooLong = new Content() {
            @Override
            public long sizeBytes() {
                return 2 << 20;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[(2 << 20) + 1]);
            }
        };
        assertThatThrownBy(() -> storage.put(KEY, tooLong)).isInstanceOf(StorageException.class);

        assertThat(storage.stat(KEY)).isEmpty();
        assertThat(bucket.unfinishedUploads()).isZero();
    }

    @Test
    void leavesAnUploadAloneThatMayBeComplete() {
        server.fail(CHUNKS, null, 2);
        server.fail(CHUNKS, FakeFault.LOST_ANSWER, 1);
        server.fail(CHUNKS, FakeFault.RESET, ALWAYS);

        assertThatThrownBy(() -> upload(2 * CHUNK + 1)).isInstanceOf(UnknownOutcomeException.class);
        assertThat(server.log()).noneMatch(request -> request.startsWith("DELETE"));
        assertThat(storage.stat(KEY)).isPresent();
    }

    @Test
    void saysThatAnUploadWasForgotten() {
        assertThatThrownBy(() -> {
                    try (ObjectUpload upload = storage.upload(KEY)) {
                        upload.write(bytes(2 * CHUNK));
                        bucket.forgetUploads();
                        upload.write(bytes(2 * CHUNK));
                    }
                })
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("no longer knows the upload");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, CHUNK * 9 + 5})
    void refusesToKeepBytesThatChangedOnTheWay(int size) {
        server.fail(WRITE + "|" + CHUNKS, FakeFault.WRONG_BYTE_UP, 1);

        assertThatThrownBy(() -> storage.put(KEY, content(size)))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("a/b")
                .hasMessageContaining("what arrived is not what was sent");
        assertThat(storage.stat(KEY)).isEmpty();
        assertThat(bucket.unfinishedUploads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, CHUNK * 9 + 5})
    void removesWhatAStoreKeptWrongly(int size) {
        bucket.corruptWhatIsStored(true);

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, content(size)))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("It was removed again");
        assertThat(storage.stat(KEY)).isEmpty();
    }

    @Test
    void neverHandsOutTheLastBytesOfAnObjectThatChangedOnTheWay() {
        storage.put(KEY, content(100_000));
        server.fail(READ, FakeFault.WRONG_BYTE_DOWN, 1);

        try (InputStream in = storage.open(KEY)) {
            assertThatThrownBy(() -> in.readNBytes(100_000))
                    .isInstanceOf(StorageCorruptException.class)
                    .hasMessageContaining("CRC-32C");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void readsOnWhereTheConnectionBroke() throws IOException {
        storage.put(KEY, content(1_000_000));
        server.fail(READ, FakeFault.CUT_ANSWER, 6);
        server.fail(READ, FakeFault.RESET, 1);
        server.fail(READ, FakeFault.UNAVAILABLE, 1);

        assertThat(read()).isEqualTo(bytes(1_000_000));
        assertThat(server.log().stream().filter(request -> request.contains("generation=")))
                .hasSizeGreaterThan(6);
    }

    @Test
    void readsARangeOnWhereTheConnectionBroke() throws IOException {
        storage.put(KEY, content(1_000_000));
        server.fail(READ, FakeFault.CUT_ANSWER, 5);

        try (InputStream in = storage.open(KEY, 999, 500_000)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes(1_000_000), 999, 500_999));
        }
    }

    @Test
    void givesUpReadingWhenNothingMoreComes() throws IOException {
        storage.put(KEY, content(1_000_000));
        server.fail(READ, FakeFault.CUT_ANSWER, 1);
        server.fail(READ, FakeFault.UNAVAILABLE, ALWAYS);

        try (InputStream in = storage.open(KEY)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("503 backendError");
        }
        assertThat(server.log().stream().filter(request -> request.contains("/download")))
                .hasSizeLessThan(7);
    }

    @Test
    void neverMixesTwoVersionsOfAnObject() throws IOException {
        storage.put(KEY, content(1_000_000));
        server.fail(READ, FakeFault.CUT_ANSWER, 1);

        try (InputStream in = storage.open(KEY)) {
            storage.put(KEY, content(2_000_000));
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("a/b")
                    .hasMessageContaining("replaced or deleted")
                    .extracting(e -> ((PitrException) e).code())
                    .isEqualTo("storage.object-changed");
        }
    }

    @Test
    void readsAnOldVersionOnWhereTheBucketKeepsIt() throws IOException {
        bucket.keepVersions(true);
        storage.put(KEY, content(1_000_000));
        server.fail(READ, FakeFault.CUT_ANSWER, 1);

        try (InputStream in = storage.open(KEY)) {
            storage.put(KEY, content(2_000_000));
            assertThat(in.readAllBytes()).isEqualTo(bytes(1_000_000));
        }
        storage.delete(List.of(KEY));
        assertThat(storage.list("", "")).isEmpty();
        storage.createIfAbsent(KEY, content(5));
    }
}

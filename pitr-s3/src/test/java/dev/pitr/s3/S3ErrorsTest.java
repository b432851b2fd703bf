package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.error.PitrException;
import dev.pitr.repository.Repository;
import dev.pitr.s3.StubStore.Answer;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageCorruptException;
import dev.pitr.storage.StorageDeniedException;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageFullException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What callers are told when the store refuses. */
class S3ErrorsTest {
    private static final ObjectKey KEY = new ObjectKey("main/18-1/cluster.json");
    private static final Content CONTENT = Content.of(new byte[100]);

    private StubStore store;
    private S3Client client;
    private S3Storage storage;

    @BeforeEach
    void start() {
        store = new StubStore(request -> Answer.ok());
        client = store.client();
        storage = S3Storage.builder("backups").prefix("pg").client(client).build();
    }

    @AfterEach
    void stop() {
        storage.close();
        client.close();
        store.close();
    }

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchKey, storage.not-found, there is no such object",
        "404, NoSuchBucket, storage.bucket-missing, there is no bucket backups",
        "301, PermanentRedirect, storage.wrong-region, The bucket lies in eu-west-3",
        "400, AuthorizationHeaderMalformed, storage.wrong-region, set that region",
        "400, ExpiredToken, storage.denied, have expired: renew them",
        "403, AccessDenied, storage.denied, Check the credentials",
        "403, SignatureDoesNotMatch, storage.denied, Check the credentials",
        "403, RequestTimeTooSkewed, storage.denied, set the clock",
        "403, InvalidObjectState, storage.archived, restore it there first",
        "429, TooManyRequests, storage.unavailable, Try again",
        "503, SlowDown, storage.unavailable, Try again",
        "500, InternalError, storage.unavailable, Try again",
        "400, QuotaExceeded, storage.full, Make room",
        "507, InsufficientStorage, storage.full, Make room",
        "501, NotImplemented, storage.unsupported, S3-compatible",
        "400, InvalidArgument, storage.refused, Check the options"
    })
    void namesWhatWentWrongWhereAndWhatToDo(int status, String code, String expected, String advice) {
        Answer answer = Answer.error(status, code, "the region is wrong &amp; more");
        store.answer(request -> new Answer(answer.status(), Map.of("x-amz-bucket-region", "eu-west-3"), answer.body()));

        assertThatThrownBy(() -> storage.open(KEY))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("main/18-1/cluster.json")
                .hasMessageContaining("s3://backups/pg")
                .hasMessageContaining(advice)
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo(expected);
    }

    @Test
    void usesTheTypesThatCallersBranchOn() {
        store.answer(request -> Answer.error(404, "NoSuchKey", ""));
        assertThatThrownBy(() -> storage.open(KEY)).isInstanceOf(ObjectNotFoundException.class);
        store.answer(request -> Answer.error(403, "AccessDenied", ""));
        assertThatThrownBy(() -> storage.open(KEY)).isInstanceOf(StorageDeniedException.class);
        assertThatThrownBy(() -> storage.stat(KEY)).isInstanceOf(StorageDeniedException.class);
        assertThatThrownBy(() -> storage.put(KEY, CONTENT)).isInstanceOf(StorageDeniedException.class);
        store.answer(request -> Answer.error(503, "SlowDown", ""));
        assertThatThrownBy(() -> storage.put(KEY, CONTENT)).isInstanceOf(StorageUnavailableException.class);
        store.answer(request -> Answer.error(400, "EntityTooLarge", ""));
        assertThatThrownBy(() -> storage.put(KEY, CONTENT)).isInstanceOf(StorageFullException.class);
    }

    @Test
    void saysNothingOfAnObjectWhereTheBucketIsMissing() {
        store.answer(request -> Answer.error(404, "NoSuchBucket", ""));

        for (Runnable call : List.<Runnable>of(
                () -> storage.stat(KEY),
                () -> storage.open(KEY),
                () -> storage.open(KEY, 5, 0),
                () -> storage.list("", "").forEach(object -> {}),
                () -> storage.delete(List.of(KEY)),
                () -> storage.put(KEY, CONTENT))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("there is no bucket backups")
                    .extracting(e -> ((PitrException) e).code())
                    .isEqualTo("storage.bucket-missing");
        }
    }

    @Test
    void doesNotTakeAStrayNotFoundForAnAbsentObject() {
        store.answer(request -> new Answer(404, Map.of("Content-Type", "text/html"), "<html>no such page</html>"));

        assertThatThrownBy(() -> storage.open(KEY))
                .isInstanceOf(StorageException.class)
                .isNotInstanceOf(ObjectNotFoundException.class);
        assertThatThrownBy(() -> storage.stat(KEY)).isInstanceOf(StorageException.class);
    }

    @Test
    void knowsThatNothingWasStoredWhereNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        S3Client nobody = S3TestServer.client(URI.create("http://127.0.0.1:" + port))
                .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(2)))
                .build();
        try (nobody;
                S3Storage away = S3Storage.builder("backups").client(nobody).build()) {
            assertThatThrownBy(() -> away.createIfAbsent(KEY, CONTENT))
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void admitsThatItCannotKnowWhenTheStoreFailsAfterItHasAllBytes() {
        store.answer(request -> request.method().equals("PUT")
                ? Answer.error(500, "InternalError", "")
                : new Answer(200, Map.of(), "<ListBucketResult></ListBucketResult>"));
        store.answer(request -> switch (request.method()) {
            case "PUT" -> Answer.error(502, "BadGateway", "");
            default -> Answer.error(404, "NoSuchKey", "");
        });

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, CONTENT))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("Repeat it");
        assertThatThrownBy(() -> storage.put(KEY, CONTENT)).isInstanceOf(UnknownOutcomeException.class);
    }

    @Test
    void refusesAnObjectWhoseBytesDoNotHaveTheirChecksum() {
        store.answer(request ->
                new Answer(200, Map.of("ETag", "\"1\"", "x-amz-checksum-crc32c", Checksums.text(1)), "other bytes"));

        assertThatThrownBy(() -> storage.open(KEY).readAllBytes())
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("checksum");
    }

    @Test
    void refusesOtherBytesThanThoseAskedFor() {
        store.answer(request -> new Answer(200, Map.of("ETag", "\"1\""), "from the start"));

        assertThatThrownBy(() -> storage.open(KEY, 5, 3))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the bytes from 5 on");
    }

    @Test
    void removesWhatTheStoreSaysIsNotWhatWasSent() {
        store.answer(request -> new Answer(200, Map.of("x-amz-checksum-crc32c", Checksums.text(1)), ""));

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, CONTENT)).isInstanceOf(StorageCorruptException.class);
        assertThat(store.requests()).extracting(StubStore.Request::method).containsExactly("PUT", "DELETE");
    }

    @Test
    void readsBackWhatAStoreWithoutChecksumsMayHaveDamaged() {
        String stored = "other bytes";
        store.answer(request -> request.method().equals("GET")
                ? new Answer(200, Map.of("ETag", "\"tag\""), stored)
                : new Answer(200, Map.of("ETag", "\"tag\""), ""));

        assertThatThrownBy(() -> storage.createIfAbsent(KEY, CONTENT))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("is not what was sent");
        assertThat(store.requests()).extracting(StubStore.Request::method).containsExactly("PUT", "GET", "DELETE");
    }

    @Test
    void acceptsWhatAStoreWithoutChecksumsHasKept() {
        String stored = "0123456789";
        store.answer(request -> request.method().equals("GET")
                ? new Answer(200, Map.of("ETag", "\"tag\""), stored)
                : new Answer(200, Map.of("ETag", "\"tag\""), ""));

        assertThatCode(() -> storage.createIfAbsent(KEY, Content.of(stored.getBytes(StandardCharsets.US_ASCII))))
                .doesNotThrowAnyException();
    }

    @Test
    void sendsAgainWhatWasDamagedOnTheWay() {
        store.answer(request -> store.requests().size() < 3
                ? Answer.error(400, "BadDigest", "")
                : new Answer(200, Map.of("x-amz-checksum-crc32c", request.header("x-amz-checksum-crc32c")), ""));

        assertThatCode(() -> storage.createIfAbsent(KEY, CONTENT)).doesNotThrowAnyException();

        store.answer(request -> Answer.error(400, "BadDigest", ""));
        assertThatThrownBy(() -> storage.createIfAbsent(KEY, CONTENT))
                .isInstanceOf(StorageCorruptException.class)
                .hasMessageContaining("Nothing was stored");
        assertThat(store.requests()).extracting(StubStore.Request::method).containsOnly("PUT");
    }

    @Test
    void refusesAListingThatIsOutOfOrder() {
        store.answer(request -> new Answer(200, Map.of(), """
                <ListBucketResult><IsTruncated>false</IsTruncated>
                <Contents><Key>pg/b</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>
                <Contents><Key>pg/a</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>
                </ListBucketResult>"""));

        assertThatThrownBy(() -> storage.list("", "").toList())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("doesn't list in order");
    }

    @Test
    void findsOutThatAStoreIgnoresItsPrecondition() {
        assertThat(storage.enforcesCreateIfAbsent()).isFalse();
        assertThat(store.requests()).extracting(StubStore.Request::method).containsExactly("PUT", "PUT", "DELETE");
        assertThat(store.requests().get(0).header("if-none-match")).isEqualTo("*");
        assertThat(store.requests().get(0).target()).startsWith("/backups/pg/.pitr-probe/");

        store.answer(request -> Answer.error(501, "NotImplemented", ""));
        assertThat(storage.enforcesCreateIfAbsent()).isFalse();
    }

    @Test
    void lendsItselfToNoRepositoryThen() {
        ClusterIdentity cluster =
                new ClusterIdentity(7_512_345_678_901_234_567L, PostgresVersion.ofMajor(18), WalSegmentSize.DEFAULT);

        assertThatThrownBy(() -> Repository.at(storage, "main").init(cluster))
                .isInstanceOf(PitrException.class)
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("repository.unsafe-storage");
    }

    @Test
    void tellsNoSecret() {
        for (int status : List.of(400, 403, 404, 500, 503)) {
            store.answer(request -> Answer.error(status, "Any", "message"));
            for (Runnable call : List.<Runnable>of(
                    () -> storage.put(KEY, CONTENT), () -> storage.open(KEY), () -> storage.delete(List.of(KEY)))) {
                StringWriter trace = new StringWriter();
                catchThrowable(call::run).printStackTrace(new PrintWriter(trace));
                assertThat(trace.toString())
                        .doesNotContain(S3TestServer.secretKey())
                        .doesNotContain(S3TestServer.accessKey());
            }
        }
        assertThat(storage.toString()).isEqualTo("s3://backups/pg");
        assertThat(S3Encryption.kms("secret-key-id").toString()).doesNotContain("secret-key-id");
        assertThatThrownBy(() -> S3Storage.builder("b").endpoint(URI.create("http://user:pw-of-mine@host:1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("pw-of-mine");
    }

    @Test
    void fallsBackToSingleDeletesWhereBatchesAreRefused() {
        store.answer(request -> request.method().equals("POST")
                ? Answer.error(501, "NotImplemented", "")
                : new Answer(204, Map.of(), ""));
        List<ObjectKey> keys = List.of(KEY, new ObjectKey("b"), new ObjectKey("c"));

        storage.delete(keys);
        storage.delete(keys);

        assertThat(store.requests())
                .extracting(StubStore.Request::method)
                .containsExactly("POST", "DELETE", "DELETE", "DELETE", "DELETE", "DELETE", "DELETE");
    }

    @Test
    void triesEveryKeyAndTellsWhichCouldNotBeDeleted() {
        store.answer(request -> new Answer(200, Map.of(), """
                <DeleteResult><Error><Key>pg/b</Key><Code>AccessDenied</Code><Message>no</Message></Error>\
                <Error><Key>pg/c</Key><Code>NoSuchKey</Code><Message>no</Message></Error></DeleteResult>"""));

        assertThatThrownBy(() -> storage.delete(List.of(KEY, new ObjectKey("b"), new ObjectKey("c"))))
                .isInstanceOf(StorageDeniedException.class)
                .hasMessageContaining("pg/b")
                .satisfies(e -> assertThat(e.getSuppressed()).isEmpty());
    }

    @Test
    void closesNoClientThatItWasGiven() {
        storage.close();

        assertThatCode(() -> client.listBuckets()).doesNotThrowAnyException();
    }
}

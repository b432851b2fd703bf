package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.api.client.json.GenericJson;
import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.OAuth2Credentials;
import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.repository.Repository;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageDeniedException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegmentSize;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store says no to, and how that is passed on. */
class GcsRefusalsIT {
    private static final String TOKEN = "ya29.hunter2-is-my-token";
    private static final ObjectKey KEY = new ObjectKey("a/b");
    private static final Content CONTENT = Content.of(new byte[] {1, 2, 3});

    private FakeGcs server;
    private FakeBucket bucket;

    @BeforeEach
    void start() {
        server = FakeGcs.start();
        bucket = server.bucket("strict");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private GcsStorageBuilder builder(String name) {
        return GcsStorage.builder(name).prefix("p").client(TestGcs.client(server.endpoint()));
    }

    private GcsStorage withToken(String token) {
        return with(new OAuth2Credentials(tokenOf(token)) {
            private static final long serialVersionUID = 1L;

            @Override
            public AccessToken refreshAccessToken() {
                return tokenOf(token);
            }
        });
    }

    private static AccessToken tokenOf(String token) {
        return new AccessToken(token, Date.from(Instant.now().plusSeconds(3600)));
    }

    private GcsStorage with(OAuth2Credentials credentials) {
        return GcsStorage.builder("strict")
                .client(TestGcs.options(server.endpoint())
                        .setCredentials(credentials)
                        .build()
                        .getService())
                .bufferBytes(256 * 1024)
                .build();
    }

    private static List<ThrowingCallable> calls(GcsStorage storage) {
        return List.of(
                () -> storage.createIfAbsent(KEY, CONTENT),
                () -> storage.put(KEY, CONTENT),
                () -> storage.put(KEY, Content.of(new byte[2 << 20])),
                () -> {
                    try (ObjectUpload upload = storage.upload(KEY)) {
                        upload.write(new byte[1 << 20]);
                        upload.commit();
                    }
                },
                () -> storage.open(KEY),
                () -> storage.open(KEY, 1, 1),
                () -> storage.open(KEY, 0, 0),
                () -> storage.stat(KEY),
                () -> storage.list("", "").count(),
                () -> storage.delete(List.of(KEY)),
                () -> storage.delete(List.of(KEY, new ObjectKey("c"))),
                storage::enforcesCreateIfAbsent);
    }

    @Test
    void tellsAMissingBucketFromAMissingObject() {
        GcsStorage storage = builder("missing").bufferBytes(256 * 1024).build();

        for (ThrowingCallable call : calls(storage)) {
            assertThatThrownBy(call)
                    .isInstanceOf(PitrException.class)
                    .hasMessageContaining("there is no bucket missing")
                    .extracting(e -> ((PitrException) e).code())
                    .isEqualTo("storage.bucket-missing");
        }
    }

    @Test
    void saysWhichObjectAndBucketWasDenied() {
        server.requireToken("another");
        GcsStorage storage = withToken(TOKEN);

        for (ThrowingCallable call : calls(storage)) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageDeniedException.class)
                    .hasMessageContaining("gs://strict: 401")
                    .hasMessageContaining("renew them");
        }
    }

    @Test
    void saysThatCredentialsCannotBeRenewed() {
        server.requireToken("another");
        GcsStorage storage = with(OAuth2Credentials.create(tokenOf(TOKEN)));

        for (ThrowingCallable call : calls(storage)) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageDeniedException.class)
                    .hasMessageContaining("gs://strict")
                    .hasMessageContaining("No access token can be had")
                    .hasMessageNotContaining(TOKEN);
        }
    }

    @Test
    void sendsTheClientsCredentials() {
        server.requireToken(TOKEN);
        GcsStorage storage = withToken(TOKEN);

        storage.put(KEY, Content.of(new byte[1 << 20]));
        storage.put(new ObjectKey("c"), CONTENT);
        storage.delete(List.of(KEY, new ObjectKey("c")));

        assertThat(storage.list("", "")).isEmpty();
    }

    @Test
    void showsNoSecretWhateverHappens() {
        server.requireToken(TOKEN);
        GcsStorage storage = withToken(TOKEN);
        for (FakeFault fault : FakeFault.values()) {
            server.fail("PUT|POST|GET|DELETE", fault, 40);
            for (ThrowingCallable call : calls(storage)) {
                assertShowsNoSecret(call);
            }
        }
        assertThat(storage.toString()).doesNotContain(TOKEN);
    }

    private static void assertShowsNoSecret(ThrowingCallable call) {
        try {
            call.call();
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).doesNotContain(TOKEN).doesNotContain("upload_id");
            assertThat(e).isInstanceOf(PitrException.class);
        }
    }

    @Test
    void asksWhoPays() {
        server.requirePayer("payer");
        GcsStorage mean = builder("strict").bufferBytes(256 * 1024).build();
        for (ThrowingCallable call : calls(mean)) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageDeniedException.class)
                    .hasMessageContaining("Say which project pays");
        }

        GcsStorage paying =
                builder("strict").userProject("payer").bufferBytes(256 * 1024).build();
        paying.put(KEY, Content.of(new byte[1 << 20]));
        paying.put(new ObjectKey("c"), CONTENT);
        assertThat(paying.stat(KEY)).isPresent();
        assertThat(paying.list("", "")).hasSize(2);
        paying.delete(List.of(KEY, new ObjectKey("c")));
        assertThat(paying.list("", "")).isEmpty();
        assertThat(paying.enforcesCreateIfAbsent()).isTrue();
    }

    @Test
    void saysThatRetentionKeepsAnObject() {
        GcsStorage storage = builder("strict").build();
        storage.put(KEY, CONTENT);
        bucket.retain(true);

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> storage.put(KEY, CONTENT),
                () -> storage.delete(List.of(KEY)),
                () -> storage.delete(List.of(KEY, new ObjectKey("c"))))) {
            assertThatThrownBy(call)
                    .isInstanceOf(StorageDeniedException.class)
                    .hasMessageContaining("retentionPolicyNotMet")
                    .hasMessageContaining("A retention policy or a hold keeps the object");
        }
        assertThat(storage.enforcesCreateIfAbsent()).isTrue();
        assertThat(builder("strict").build().enforcesCreateIfAbsent()).isTrue();
        assertThat(storage.list("", "")).hasSize(1);
    }

    @Test
    void refusesAServerThatIgnoresPreconditions() {
        bucket.ignorePreconditions(true);
        GcsStorage storage = builder("strict").build();

        assertThat(storage.enforcesCreateIfAbsent()).isFalse();
        assertThat(bucket.list("", "", null, 10)).isEmpty();
        assertThatThrownBy(() -> Repository.at(storage, "main")
                        .init(new ClusterIdentity(1, PostgresVersion.V18, WalSegmentSize.DEFAULT)))
                .isInstanceOf(PitrException.class)
                .hasMessageContaining("gs://strict/p");
    }

    @Test
    void leavesOtherPeoplesObjectsAlone() throws ApiError {
        for (String name : List.of("p/.hidden", "p/a//b", "p/a b", "p/", "p", "q/x", "pp/x")) {
            bucket.put(name, new GenericJson(), Map.of(), new byte[1]);
        }
        GcsStorage storage = builder("strict").build();
        storage.put(KEY, CONTENT);

        assertThat(storage.list("", "")).map(info -> info.key()).containsExactly(KEY);
    }

    @Test
    void isCancelledWhileItWaitsToTryAgain() throws Exception {
        GcsStorage patient = GcsStorage.builder("strict")
                .client(TestGcs.options(server.endpoint())
                        .setRetrySettings(RetrySettings.newBuilder()
                                .setInitialRetryDelayDuration(Duration.ofHours(1))
                                .setMaxRetryDelayDuration(Duration.ofHours(1))
                                .setTotalTimeoutDuration(Duration.ofDays(1))
                                .build())
                        .build()
                        .getService())
                .build();
        server.fail("GET", FakeFault.UNAVAILABLE, 1);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread worker = new Thread(() -> {
            try {
                patient.stat(KEY);
                ended.complete(new AssertionError("not cancelled"));
            } catch (CancelledException e) {
                ended.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("not interrupted"));
            }
        });
        worker.start();
        await().until(() -> worker.getState() == Thread.State.TIMED_WAITING);
        worker.interrupt();

        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(CancelledException.class);
    }
}

package dev.pitr.gcs;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The server that the tests talk to: one in this process, or the one at {@code GCS_TEST_ENDPOINT}, where the bucket
 * {@code GCS_TEST_BUCKET} must exist. Google's own is reached with application default credentials, any other with none.
 */
final class TestGcs {
    private static final String BUCKET = "pitr-test";

    private TestGcs() {}

    private static final class Holder {
        static final FakeGcs SERVER = start();

        private static FakeGcs start() {
            FakeGcs server = FakeGcs.start();
            server.bucket(BUCKET);
            return server;
        }
    }

    /** A store in a place of its own. */
    static GcsStorageBuilder storage() {
        Optional<URI> other =
                Optional.ofNullable(System.getenv("GCS_TEST_ENDPOINT")).map(URI::create);
        String bucket = other.isPresent() ? System.getenv().getOrDefault("GCS_TEST_BUCKET", BUCKET) : BUCKET;
        GcsStorageBuilder builder = GcsStorage.builder(bucket).prefix("t-" + UUID.randomUUID());
        if (other.isPresent() && "storage.googleapis.com".equals(other.get().getHost())) {
            return builder;
        }
        return builder.client(client(other.orElseGet(Holder.SERVER::endpoint)));
    }

    /** A client that doesn't wait long between attempts. */
    static Storage client(URI endpoint) {
        return options(endpoint).build().getService();
    }

    static StorageOptions.Builder options(URI endpoint) {
        return StorageOptions.http()
                .setHost(endpoint.toString())
                .setProjectId("test")
                .setCredentials(NoCredentials.getInstance())
                .setRetrySettings(RetrySettings.newBuilder()
                        .setMaxAttempts(4)
                        .setInitialRetryDelayDuration(Duration.ofMillis(1))
                        .setRetryDelayMultiplier(2)
                        .setMaxRetryDelayDuration(Duration.ofMillis(20))
                        .setTotalTimeoutDuration(Duration.ofMinutes(1))
                        .build());
    }
}

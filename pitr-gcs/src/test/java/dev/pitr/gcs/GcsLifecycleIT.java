package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.GenericJson;
import dev.pitr.error.PitrException;
import dev.pitr.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GcsLifecycleIT {
    private static final String OTHERS =
            "{\"rule\":[{\"action\":{\"type\":\"Delete\"},\"condition\":{\"matchesPrefix\":[\"logs/\"],\"age\":3,"
                    + "\"someFutureCondition\":true}}]}";

    private FakeGcs server;
    private FakeBucket bucket;
    private GcsStorage storage;

    @BeforeEach
    void start() {
        server = FakeGcs.start();
        bucket = server.bucket("aging");
        storage = GcsStorage.builder("aging")
                .prefix("prod")
                .client(TestGcs.client(server.endpoint()))
                .build();
    }

    @AfterEach
    void stop() {
        storage.close();
        server.close();
    }

    private GcsLifecycle lifecycle(int days) {
        return storage.lifecycle("main")
                .moveBackups(GcsStorageClass.COLDLINE, Duration.ofDays(days))
                .build();
    }

    private List<?> rules() {
        return (List<?>) ((Map<?, ?>) bucket.json().getOrDefault("lifecycle", Map.of())).get("rule");
    }

    @Test
    void replacesItsOwnRulesAndKeepsThoseOfOthers() throws ApiError {
        GenericJson others = FakeGcs.parse(OTHERS);
        bucket.setLifecycle(others, Map.of());
        GcsLifecycle neighbour = storage.lifecycle("neighbour")
                .removeOldVersionsAfter(Duration.ofDays(3))
                .build();

        storage.apply(lifecycle(30));
        storage.apply(neighbour);
        storage.apply(lifecycle(60));

        assertThat(rules()).hasSize(3);
        assertThat(rules().get(0).toString()).contains("logs/", "someFutureCondition=true");
        assertThat(rules().get(1).toString()).contains("prod/neighbour/");
        assertThat(rules().get(2).toString()).contains("prod/main/", "60").doesNotContain("30");
    }

    @Test
    void refusesToStandBesideARuleThatDeletesRecords() throws ApiError {
        bucket.setLifecycle(FakeGcs.parse(OTHERS.replace("logs/", "prod/")), Map.of());

        assertThatThrownBy(() -> storage.apply(lifecycle(30)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("another rule deletes objects of prod/main/")
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("storage.lifecycle-conflict");
        assertThat(rules()).hasSize(1);
    }

    @Test
    void losesNoRuleThatIsAddedMeanwhile() throws ApiError {
        server.fail("POST /storage", FakeFault.BUCKET_CHANGED, 2);
        storage.apply(lifecycle(30));
        assertThat(rules()).hasSize(1);

        server.fail("POST /storage", FakeFault.BUCKET_CHANGED, 5);
        assertThatThrownBy(() -> storage.apply(lifecycle(30))).hasMessageContaining("keeps changing the bucket");
    }
}

package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import dev.pitr.repository.ObjectKind;
import dev.pitr.s3.StubStore.Answer;
import dev.pitr.storage.StorageException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** What a bucket is told to do by itself, and what it must never be told. */
class S3LifecycleTest {
    private static final S3Lifecycle ALL = S3Lifecycle.builder()
            .cold(ObjectKind.WAL, Duration.ofDays(30), "STANDARD_IA")
            .cold(ObjectKind.BACKUP_DATA, Duration.ofDays(7), "GLACIER_IR")
            .expire(Duration.ofDays(400), Duration.ofDays(90))
            .abortUploads(Duration.ofDays(3))
            .forgetVersions(Duration.ofDays(14))
            .build();

    @Test
    void printsItsRulesAsTheCommandLineReadsThem() {
        assertThat(ALL.json("pg").replaceAll("\\s+", "")).isEqualTo("""
                {"Rules":[
                {"ID":"pitr-pg:wal","Status":"Enabled",
                "Filter":{"And":{"Prefix":"pg/","Tags":[{"Key":"pitr-kind","Value":"wal"}]}},
                "Transitions":[{"Days":30,"StorageClass":"STANDARD_IA"}],"Expiration":{"Days":400}},
                {"ID":"pitr-pg:backup-data","Status":"Enabled",
                "Filter":{"And":{"Prefix":"pg/","Tags":[{"Key":"pitr-kind","Value":"backup-data"}]}},
                "Transitions":[{"Days":7,"StorageClass":"GLACIER_IR"}],"Expiration":{"Days":400}},
                {"ID":"pitr-pg:leftovers","Status":"Enabled","Filter":{"Prefix":"pg/"},
                "AbortIncompleteMultipartUpload":{"DaysAfterInitiation":3},
                "NoncurrentVersionExpiration":{"NoncurrentDays":14}}]}""".replaceAll("\\s+", ""));
    }

    @Test
    void neverMovesOrExpiresWhatEveryPlanReads() {
        for (ObjectKind kind : EnumSet.of(ObjectKind.BACKUP_RECORD, ObjectKind.INDEX, ObjectKind.RECORD)) {
            unsafe(() -> S3Lifecycle.builder().cold(kind, Duration.ofDays(90), "GLACIER_IR"), "must stay at hand");
            assertThat(ALL.json()).doesNotContain('"' + kind.label() + '"');
        }
    }

    @Test
    void refusesToExpireBeforeTheRepositoryDeletes() {
        unsafe(
                () -> S3Lifecycle.builder().expire(Duration.ofDays(119), Duration.ofDays(90)),
                "the repository keeps some for 90 days; a safety net must leave 30 more: set 120 or more");
        unsafe(
                () -> S3Lifecycle.builder()
                        .expire(Duration.ofDays(120), Duration.ofDays(90).plusNanos(1)),
                "set 121 or more");
        assertThat(S3Lifecycle.builder()
                        .expire(Duration.ofDays(120), Duration.ofDays(90))
                        .build()
                        .json())
                .contains("120");
    }

    @Test
    void movesToWhatCannotBeReadAtOnceOnlyWhereThatIsAllowed() {
        S3Lifecycle.Builder deep = S3Lifecycle.builder().cold(ObjectKind.WAL, Duration.ofDays(90), "DEEP_ARCHIVE");

        unsafe(deep::build, "restore of hours");
        assertThat(deep.allowSlowReads().build().json()).contains("DEEP_ARCHIVE");
    }

    private static void unsafe(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(why)
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo("storage.unsafe-lifecycle");
    }

    @Test
    void refusesWhatMeansNothing() {
        assertThatThrownBy(() -> S3Lifecycle.builder().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> S3Lifecycle.builder().abortUploads(Duration.ofHours(23)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT23H");
        assertThatThrownBy(() -> S3Lifecycle.builder().cold(ObjectKind.WAL, Duration.ofDays(29), "STANDARD_IA"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("29 days");
        assertThatThrownBy(() -> S3Lifecycle.builder()
                        .cold(ObjectKind.WAL, Duration.ofDays(400), "GLACIER_IR")
                        .expire(Duration.ofDays(400), Duration.ofDays(90))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("before they are moved");
    }

    @Test
    void replacesItsOwnRulesAndKeepsAllOthers() {
        String present = rules(
                rule("pitr-pg:wal", "pg/", "<Expiration><Days>1</Days></Expiration>"),
                rule("pitr-other:wal", "other/", "<Expiration><Days>500</Days></Expiration>"),
                rule("logs", "logs/", "<Expiration><Days>10</Days></Expiration>"));
        try (StubStore store = new StubStore(request ->
                request.method().equals("GET") ? new Answer(200, Map.of(), present) : new Answer(200, Map.of(), ""))) {
            apply(store);

            String sent = store.requests().get(1).body();
            assertThat(store.requests().get(1).method()).isEqualTo("PUT");
            assertThat(sent)
                    .contains("<ID>pitr-other:wal</ID>", "<ID>logs</ID>", "<ID>pitr-pg:leftovers</ID>")
                    .containsOnlyOnce("<ID>pitr-pg:wal</ID>")
                    .contains("<Key>pitr-kind</Key><Value>wal</Value>")
                    .doesNotContain("<Days>1</Days>");
        }
    }

    @Test
    void setsItsRulesWhereThereAreNone() {
        try (StubStore store = new StubStore(request -> request.method().equals("GET")
                ? Answer.error(404, "NoSuchLifecycleConfiguration", "")
                : new Answer(200, Map.of(), ""))) {
            apply(store);

            assertThat(store.requests()).hasSize(2);
        }
    }

    @Test
    void refusesABucketWhoseOtherRulesExpireTheRepository() {
        for (String prefix : new String[] {"", "p", "pg/", "pg/main/"}) {
            String present = rules(rule("tidy", prefix, "<Expiration><Days>30</Days></Expiration>"));
            try (StubStore store = new StubStore(request -> new Answer(200, Map.of(), present))) {
                unsafe(() -> apply(store), "\"tidy\"");
                assertThat(store.requests()).hasSize(1);
            }
        }
    }

    private static void apply(StubStore store) {
        try (S3Client client = store.client();
                S3Storage storage = S3Storage.builder("backups")
                        .prefix("pg")
                        .client(client)
                        .kindTags()
                        .build()) {
            storage.applyLifecycle(ALL);
        }
    }

    @Test
    void refusesAStoreThatDoesNotTag() {
        try (StubStore store = new StubStore(request -> Answer.ok());
                S3Client client = store.client();
                S3Storage storage = S3Storage.builder("backups").client(client).build()) {
            unsafe(() -> storage.applyLifecycle(ALL), "kindTags");
        }
    }

    private static String rule(String id, String prefix, String action) {
        return "<Rule><ID>" + id + "</ID><Filter><Prefix>" + prefix + "</Prefix></Filter><Status>Enabled</Status>"
                + action + "</Rule>";
    }

    private static String rules(String... rules) {
        return "<LifecycleConfiguration>" + String.join("", rules) + "</LifecycleConfiguration>";
    }
}

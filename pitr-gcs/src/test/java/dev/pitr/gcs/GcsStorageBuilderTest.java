package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.storage.Storage;
import dev.pitr.repository.ObjectKind;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageUrl;
import java.net.URI;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GcsStorageBuilderTest {
    private static final URI ENDPOINT = URI.create("http://127.0.0.1:9");
    private static final String KMS_KEY = "projects/p/locations/eu/keyRings/r/cryptoKeys/k";

    private static GcsStorageBuilder builder() {
        return GcsStorage.builder("bucket");
    }

    @Test
    void saysWhereItIs() {
        assertThat(builder().client(TestGcs.client(ENDPOINT)).build()).hasToString("gs://bucket");
        assertThat(builder()
                        .client(TestGcs.client(ENDPOINT))
                        .prefix("a/b")
                        .build()
                        .description())
                .isEqualTo("gs://bucket/a/b");
    }

    static Stream<Consumer<GcsStorageBuilder>> options() {
        Storage client = TestGcs.client(ENDPOINT);
        return Stream.of(
                b -> b.prefix("p"),
                b -> b.client(client),
                b -> b.endpoint(ENDPOINT),
                GcsStorageBuilder::anonymous,
                b -> b.userProject("p"),
                b -> b.storageClass(ObjectKind.WAL, GcsStorageClass.NEARLINE),
                b -> b.kmsKey(KMS_KEY),
                b -> b.metadata("a", "b"),
                b -> b.bufferBytes(1 << 20));
    }

    @ParameterizedTest
    @MethodSource("options")
    void refusesAnOptionGivenTwice(Consumer<GcsStorageBuilder> option) {
        GcsStorageBuilder builder = builder();
        option.accept(builder);

        assertThatThrownBy(() -> option.accept(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "Bucket", "a/b", "-ab", "gs://bucket"})
    void refusesWhatIsNoBucket(String bucket) {
        assertThatThrownBy(() -> GcsStorage.builder(bucket))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + bucket + "\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 262_143, 262_145, (1 << 30) + 262_144})
    void refusesABufferThatNoChunkFits(int bytes) {
        assertThatThrownBy(() -> builder().bufferBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {262_144, 1 << 30})
    void takesABufferWithinItsBounds(int bytes) {
        assertThatCode(() -> builder().bufferBytes(bytes)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://host", "http://user:hunter2@host", "http://host/path", "http://host?token=hunter2", "host"
            })
    void refusesAnEndpointThatIsMoreThanAHost(String endpoint) {
        assertThatThrownBy(() -> builder().endpoint(URI.create(endpoint)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void refusesWhatCannotBeSent() {
        assertThatThrownBy(() -> builder().kmsKey("k")).hasMessageContaining("Invalid KMS key \"k\"");
        assertThatThrownBy(() -> builder().metadata("a", "\u00e9")).hasMessageContaining("Invalid metadata");
        assertThatThrownBy(() -> builder().prefix("/a")).hasMessageContaining("Invalid object key");
    }

    @Test
    void refusesAnEndpointBesideAClientThatHasItsOwn() {
        GcsStorageBuilder builder = builder().client(TestGcs.client(ENDPOINT)).endpoint(ENDPOINT);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endpoint and anonymous");
    }

    @Test
    void opensFromAUrl() {
        String options = "?endpoint=http://127.0.0.1:9&anonymous=true&user-project=p&kms-key=" + KMS_KEY
                + "&buffer-mib=8&wal-class=nearline&backup-data-class=coldline";
        try (ObjectStorage storage =
                StorageUrl.parse("gs://bucket/a/b" + options).open()) {
            assertThat(storage).isInstanceOf(GcsStorage.class).hasToString("gs://bucket/a/b");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"region=x", "buffer-mib=1025", "buffer-mib=x", "wal-class=warm", "anonymous=yes"})
    void refusesAUrlWithOptionsThatItDoesNotKnow(String option) {
        StorageUrl url = StorageUrl.parse("gs://bucket?" + option);

        assertThatThrownBy(url::open)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option.substring(option.indexOf('=') + 1));
    }
}

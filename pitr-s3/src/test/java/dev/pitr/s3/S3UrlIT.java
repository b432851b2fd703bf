package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageDeniedException;
import dev.pitr.storage.StorageUrl;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** A store opened by its URL, with a client built here and credentials found by the SDK. */
class S3UrlIT {
    private static final ObjectKey KEY = new ObjectKey("a/b");

    private S3Client behind;
    private String bucket;
    private String prefix;

    @BeforeEach
    void connect() {
        assumeThat(S3TestServer.isForeign()).as("the server is not ours").isFalse();
        behind = S3TestServer.client().build();
        bucket = S3TestServer.bucket(behind);
        prefix = S3TestServer.newPrefix();
        System.setProperty("aws.accessKeyId", S3TestServer.accessKey());
        System.setProperty("aws.secretAccessKey", S3TestServer.secretKey());
    }

    @AfterEach
    void disconnect() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        if (behind != null) {
            S3TestServer.removeAll(behind, bucket, prefix);
            behind.close();
        }
    }

    private ObjectStorage open(String options) {
        String endpoint = URLEncoder.encode(S3Proxy.shared().http().toString(), StandardCharsets.UTF_8);
        return StorageUrl.parse("s3://" + bucket + "/" + prefix + "?region=us-east-1&path-style=true&endpoint="
                        + endpoint + options)
                .open();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&plain-uploads=true", "&single-deletes=true&requester-pays=false"})
    void keepsWhatItIsGiven(String options) throws IOException {
        byte[] bytes = new byte[20 << 20];
        new Random(1).nextBytes(bytes);
        try (ObjectStorage storage = open(options)) {
            assertThat(storage.enforcesCreateIfAbsent()).isTrue();
            storage.createIfAbsent(KEY, Content.of(bytes));
            assertThatThrownBy(() -> storage.createIfAbsent(KEY, Content.of(bytes)))
                    .isInstanceOf(ObjectExistsException.class);
            try (ObjectUpload upload = storage.upload(new ObjectKey("c"))) {
                upload.write(bytes);
                upload.commit();
            }
            for (ObjectKey key : List.of(KEY, new ObjectKey("c"))) {
                try (InputStream in = storage.open(key)) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes);
                }
            }
            storage.delete(List.of(KEY, new ObjectKey("c")));
            assertThat(storage.list("", "")).isEmpty();
        }
    }

    @Test
    void isDeniedWithAWrongKeyAndTellsNeither() {
        System.setProperty("aws.secretAccessKey", "wrong-secret-4711");
        try (ObjectStorage storage = open("")) {
            for (Runnable call : List.<Runnable>of(
                    () -> storage.put(KEY, Content.of(new byte[10])),
                    () -> storage.open(KEY),
                    () -> storage.stat(KEY),
                    () -> storage.list("", "").forEach(object -> {}))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(StorageDeniedException.class)
                        .hasMessageContaining("Check the credentials")
                        .hasMessageNotContaining("wrong-secret-4711")
                        .satisfies(e -> assertThat(e.toString()).doesNotContain(S3TestServer.accessKey()));
            }
        }
    }
}

package dev.pitr.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.repository.ObjectKind;
import dev.pitr.s3.StubStore.Answer;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageUrl;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** Which options are accepted, and what they put into requests. */
class S3StorageBuilderTest {
    private static final ObjectKey SEGMENT =
            new ObjectKey("main/18-7512345678901234567/wal/00000001/0000000100000000/000000010000000000000001.zst");

    private static S3StorageBuilder builder() {
        return S3Storage.builder("backups");
    }

    @Test
    void describesThePlace() {
        try (S3Storage whole = builder().region("eu-west-1").build();
                S3Storage part = builder().region("eu-west-1").prefix("a/b").build()) {
            assertThat(whole.description()).isEqualTo("s3://backups");
            assertThat(part.description()).isEqualTo("s3://backups/a/b");
        }
    }

    @Test
    void refusesAnOptionThatIsSetTwice() {
        List<ThrowingCallable> twice = List.of(
                () -> builder().prefix("a").prefix("a"),
                () -> builder().region("a").region("a"),
                () -> builder().pathStyle().pathStyle(),
                () -> builder().storageClass(ObjectKind.WAL, "STANDARD_IA").storageClass(ObjectKind.WAL, "STANDARD"),
                () -> builder().tag("a", "1").tag("a", "2"),
                () -> builder().metadata("a", "1").metadata("a", "2"),
                () -> builder().uploadThreads(1).uploadThreads(1),
                () -> builder().assumeSingleWriter().assumeSingleWriter());
        for (ThrowingCallable call : twice) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("is set twice");
        }
    }

    @Test
    void refusesValuesOutOfRangeAndNamesThem() {
        assertThatCode(() -> builder().partBytes(5L << 20)).doesNotThrowAnyException();
        assertThatCode(() -> builder().partBytes(1L << 30)).doesNotThrowAnyException();
        refuses(() -> builder().partBytes((5L << 20) - 1), "5242879");
        refuses(() -> builder().partBytes((1L << 30) + 1), "1073741825");
        refuses(() -> builder().uploadThreads(-1), "-1");
        refuses(() -> builder().maxConnections(0), "maxConnections is 0");
        refuses(() -> builder().maxAttempts(0), "maxAttempts is 0");
        refuses(() -> builder().storageClass(ObjectKind.WAL, "DEEP_ARCHIVE"), "lifecycle rule");
        refuses(() -> builder().storageClass(ObjectKind.WAL, "no class"), "no class");
        refuses(() -> builder().tag("pitr-kind", "x"), "pitr-kind");
        refuses(() -> builder().metadata("Name", "x"), "Name");
        refuses(() -> builder().metadata("name", "\u00e9"), "ASCII");
        refuses(() -> builder().endpoint(URI.create("ftp://host")), "Invalid endpoint");
        refuses(() -> builder().prefix("/a").build(), "/a");
        refuses(() -> builder().prefix("a".repeat(121)).build(), "121");
        refuses(() -> S3Storage.builder("a b").build(), "a b");
    }

    private static void refuses(ThrowingCallable call, String word) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(word);
    }

    @Test
    void leavesAGivenClientItsOwnOptions() {
        try (StubStore store = new StubStore(request -> Answer.ok());
                S3Client client = store.client()) {
            assertThatThrownBy(
                            () -> builder().client(client).region("eu-west-1").build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belong to the client");
        }
    }

    @Test
    void putsItsOptionsIntoEveryObject() throws IOException {
        try (StubStore store = new StubStore(request -> request.target().contains("uploads")
                        ? new Answer(200, Map.of(), "<R><UploadId>u</UploadId></R>")
                        : Answer.ok());
                S3Client client = store.client();
                S3Storage storage = builder()
                        .client(client)
                        .storageClass(ObjectKind.WAL, "STANDARD_IA")
                        .encryption(S3Encryption.kms("key-1"))
                        .kindTags()
                        .tag("team", "data base")
                        .metadata("owner", "dba")
                        .requesterPays()
                        .bucketOwner("123456789012")
                        .partBytes(5L << 20)
                        .plainUploads()
                        .build()) {
            storage.createIfAbsent(SEGMENT, Content.of(new byte[10]));
            try (ObjectUpload upload = storage.upload(SEGMENT)) {
                upload.write(new byte[(5 << 20) + 1]);
            }

            for (StubStore.Request request : store.requests().subList(0, 2)) {
                assertThat(request.headers())
                        .containsEntry("x-amz-storage-class", "STANDARD_IA")
                        .containsEntry("x-amz-server-side-encryption", "aws:kms")
                        .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", "key-1")
                        .containsEntry("x-amz-tagging", "pitr-kind=wal&team=data%20base")
                        .containsEntry("x-amz-meta-owner", "dba");
            }
            assertThat(store.requests())
                    .allSatisfy(request -> assertThat(request.headers())
                            .containsEntry("x-amz-request-payer", "requester")
                            .containsEntry("x-amz-expected-bucket-owner", "123456789012"));
            assertThat(store.requests().get(0).headers())
                    .containsKey("content-md5")
                    .doesNotContainKey("x-amz-checksum-crc32c");
        }
    }

    @Test
    void sendsAChecksumAheadAndAnMd5OnceTheStoreReturnsNone() {
        byte[] bytes = new byte[10];
        String md5 = java.util.HexFormat.of().formatHex(Checksums.md5().digest(bytes));
        try (StubStore store = new StubStore(request -> new Answer(200, Map.of("ETag", '"' + md5 + '"'), ""));
                S3Client client = store.client();
                S3Storage storage = builder().client(client).build()) {
            storage.put(SEGMENT, Content.of(bytes));
            storage.put(SEGMENT, Content.of(bytes));

            assertThat(store.requests()).hasSize(2);
            assertThat(store.requests().get(0).headers())
                    .containsKey("x-amz-checksum-crc32c")
                    .doesNotContainKey("content-md5");
            assertThat(store.requests().get(1).headers()).containsKey("content-md5");
        }
    }

    @Test
    void looksBeforeItWritesWhereASingleWriterIsAssumed() {
        try (StubStore store = new StubStore(request ->
                        request.method().equals("HEAD") && request.target().length() > 10
                                ? new Answer(404, Map.of(), "")
                                : Answer.ok());
                S3Client client = store.client();
                S3Storage storage = builder()
                        .client(client)
                        .assumeSingleWriter()
                        .plainUploads()
                        .build()) {
            assertThat(storage.enforcesCreateIfAbsent()).isFalse();
            storage.createIfAbsent(SEGMENT, Content.of(new byte[1]));

            assertThat(store.requests()).extracting(StubStore.Request::method).containsExactly("HEAD", "HEAD", "PUT");
            assertThat(store.requests().get(2).headers()).doesNotContainKey("if-none-match");
        }
    }

    @Test
    void opensAUrl() {
        StorageUrl url = StorageUrl.parse(
                "s3://backups/pg?region=eu-west-1&endpoint=http%3A%2F%2F127.0.0.1%3A9000&path-style=true");
        try (var storage = url.open()) {
            assertThat(storage).isInstanceOf(S3Storage.class);
            assertThat(storage.description()).isEqualTo("s3://backups/pg");
        }
        refuses(() -> StorageUrl.parse("s3://backups/pg?regoin=eu-west-1").open(), "regoin");
        refuses(
                () -> StorageUrl.parse("s3://backups/pg?region=a&path-style=yes")
                        .open(),
                "path-style");
    }
}

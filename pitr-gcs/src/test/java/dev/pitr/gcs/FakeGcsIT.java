package dev.pitr.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server of these tests as Google's own client sees it: an outside view of what our own requests are tried on. */
class FakeGcsIT {
    private static final BlobInfo OBJECT =
            BlobInfo.newBuilder(BlobId.of("seen", "a/b c")).build();

    private FakeGcs server;
    private Storage client;

    @BeforeEach
    void start() {
        server = FakeGcs.start();
        server.bucket("seen");
        client = TestGcs.client(server.endpoint());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void keepsWhatTheClientWrites() throws IOException {
        Blob whole = client.create(OBJECT, bytes(1000));
        assertThat(whole.getSize()).isEqualTo(1000);
        assertThat(client.readAllBytes(OBJECT.getBlobId())).isEqualTo(bytes(1000));

        client.createFrom(OBJECT, new ByteArrayInputStream(bytes(3_000_000)), 1 << 20);
        assertThat(client.readAllBytes(OBJECT.getBlobId())).isEqualTo(bytes(3_000_000));

        try (WriteChannel writer = client.writer(OBJECT)) {
            writer.setChunkSize(1 << 18);
            writer.write(ByteBuffer.wrap(bytes(2_000_000)));
            assertThat(client.get(OBJECT.getBlobId()).getSize()).isEqualTo(3_000_000);
        }
        assertThat(client.get(OBJECT.getBlobId()).getSize()).isEqualTo(2_000_000);
        try (var reader = client.reader(OBJECT.getBlobId())) {
            reader.seek(1_999_990);
            ByteBuffer end = ByteBuffer.allocate(100);
            assertThat(reader.read(end)).isEqualTo(10);
        }
    }

    @Test
    void refusesTheClientWhatIsThereAlready() throws IOException {
        WriteChannel early = client.writer(OBJECT, BlobWriteOption.doesNotExist());
        early.write(ByteBuffer.wrap(bytes(10)));
        Blob first = client.create(OBJECT, bytes(5), BlobTargetOption.doesNotExist());

        assertThatThrownBy(early::close).isInstanceOf(StorageException.class).hasMessageContaining("412");
        assertThatThrownBy(() -> client.create(OBJECT, bytes(6), BlobTargetOption.doesNotExist()))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.getCode()).isEqualTo(412));
        assertThat(client.readAllBytes(OBJECT.getBlobId())).isEqualTo(bytes(5));
        assertThat(client.get(OBJECT.getBlobId()).getGeneration()).isEqualTo(first.getGeneration());
    }

    @Test
    void listsAndDeletesForTheClient() {
        for (int i = 0; i < 25; i++) {
            client.create(
                    BlobInfo.newBuilder("seen", String.format("k/%02d", i)).build(), bytes(i));
        }

        assertThat(client.list("seen", BlobListOption.prefix("k/"), BlobListOption.pageSize(10))
                        .iterateAll())
                .map(Blob::getName)
                .hasSize(25)
                .isSorted();
        assertThat(client.list("seen", BlobListOption.startOffset("k/20")).iterateAll())
                .hasSize(5);
        List<BlobId> some = List.of(BlobId.of("seen", "k/00"), BlobId.of("seen", "k/01"), BlobId.of("seen", "absent"));
        assertThat(client.delete(some)).containsExactly(true, true, false);
        assertThat(client.get(BlobId.of("seen", "k/00"))).isNull();
        assertThatThrownBy(() -> client.list("missing")).hasMessageContaining("The specified bucket does not exist");
    }
}

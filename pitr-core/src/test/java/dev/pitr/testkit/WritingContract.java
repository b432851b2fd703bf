package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How objects come to be: created, put, uploaded; and what a failure leaves. */
abstract class WritingContract extends StorageFixture {
    private static final int MEBIBYTE = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 65_536, 131_073, 3 * MEBIBYTE + 1})
    void keepsEveryByteOfWhateverSize(int size) {
        byte[] bytes = bytes(size, 1);
        storage().createIfAbsent(key("created"), Content.of(bytes));
        storage().put(key("put"), Content.of(bytes));
        upload("uploaded", bytes);

        for (String key : List.of("created", "put", "uploaded")) {
            assertThat(read(key)).as(key).isEqualTo(bytes);
            assertThat(storage().stat(key(key)).orElseThrow().sizeBytes())
                    .as(key)
                    .isEqualTo(size);
        }
    }

    private void upload(String key, byte[] bytes) {
        try (ObjectUpload upload = storage().upload(key(key))) {
            write(upload, bytes);
            upload.commit();
        }
    }

    @Test
    void keepsALargeObjectUploadedInOddPieces() throws IOException {
        byte[] bytes = bytes(21 * MEBIBYTE + 7, 2);
        try (ObjectUpload upload = storage().upload(key("large"))) {
            upload.write(bytes[0]);
            int position = 1;
            for (int size = 1; position < bytes.length; size = (size * 5 + 3) % 400_009) {
                int n = Math.min(size, bytes.length - position);
                upload.write(bytes, position, n);
                position += n;
            }
            upload.flush();
            upload.commit();
        }

        assertThat(read("large")).isEqualTo(bytes);
        assertThat(read("large", 20L * MEBIBYTE, 9))
                .containsExactly(java.util.Arrays.copyOfRange(bytes, 20 * MEBIBYTE, 20 * MEBIBYTE + 9));
    }

    @Test
    void refusesToCreateWhatExists() {
        byte[] first = bytes(100, 1);
        storage().createIfAbsent(key("a/b"), Content.of(first));

        assertThatThrownBy(() -> storage().createIfAbsent(key("a/b"), Content.of(bytes(100, 2))))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining("a/b");
        assertThat(read("a/b")).isEqualTo(first);
    }

    @Test
    void refusesToCreateWhatWasPutOrUploaded() {
        put("put", bytes(5, 1));
        upload("uploaded", bytes(6, 1));

        for (String key : List.of("put", "uploaded")) {
            assertThatThrownBy(() -> storage().createIfAbsent(key(key), Content.of(bytes(7, 2))))
                    .isInstanceOf(ObjectExistsException.class);
        }
        assertThat(read("put")).hasSize(5);
        assertThat(read("uploaded")).hasSize(6);
    }

    @Test
    void createsAgainAfterADelete() {
        storage().createIfAbsent(key("a/b"), Content.of(bytes(100, 1)));
        storage().delete(List.of(key("a/b")));
        storage().createIfAbsent(key("a/b"), Content.of(bytes(50, 2)));

        assertThat(read("a/b")).isEqualTo(bytes(50, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 100_000})
    void replacesWholly(int size) {
        put("a", bytes(1000, 1));
        put("a", bytes(size, 2));
        assertThat(read("a")).isEqualTo(bytes(size, 2));

        upload("a", bytes(77, 3));
        assertThat(read("a")).isEqualTo(bytes(77, 3));
        assertThat(listAll()).containsExactly("a");
    }

    @Test
    void showsWhatItAcknowledgedToOthers() {
        ObjectStorage other = openAgain(storage());
        put("put");
        upload("uploaded", bytes(3, 1));
        storage().createIfAbsent(key("created"), Content.of(bytes(3, 1)));

        assertThat(other.list("", "")).map(info -> info.key().value()).containsExactly("created", "put", "uploaded");
        assertThatThrownBy(() -> other.createIfAbsent(key("created"), Content.of(bytes(3, 1))))
                .isInstanceOf(ObjectExistsException.class);
        if (other != storage()) {
            other.close();
        }
    }

    @Test
    void hidesAnUploadUntilItIsCommitted() {
        try (ObjectUpload upload = storage().upload(key("a/b"))) {
            write(upload, bytes(6 * MEBIBYTE, 1));
            assertAbsent("a/b");
            upload.commit();
            assertThat(listAll()).containsExactly("a/b");
        }
        assertThat(read("a/b")).isEqualTo(bytes(6 * MEBIBYTE, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6 * MEBIBYTE})
    void leavesNothingOfAnAbandonedUpload(int size) {
        ObjectUpload upload = storage().upload(key("a/b"));
        write(upload, bytes(size, 1));
        upload.close();
        upload.close();

        assertAbsent("a/b");
        assertThat(listAll()).isEmpty();
        assertThatThrownBy(upload::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> upload.write(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void keepsTheOldObjectWhenItsReplacementIsAbandoned() {
        put("a", bytes(10, 1));
        try (ObjectUpload upload = storage().upload(key("a"))) {
            write(upload, bytes(20, 2));
        }
        assertThat(read("a")).isEqualTo(bytes(10, 1));
    }

    @Test
    void endsAnUploadWithItsCommit() {
        ObjectUpload upload = storage().upload(key("a"));
        write(upload, bytes(10, 1));
        upload.commit();

        assertThatThrownBy(upload::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> upload.write(1)).isInstanceOf(IllegalStateException.class);
        upload.close();
        assertThat(read("a")).isEqualTo(bytes(10, 1));
    }

    @Test
    void lastCommitOfTwoUploadsWins() {
        try (ObjectUpload first = storage().upload(key("a"));
                ObjectUpload second = storage().upload(key("a"))) {
            write(first, bytes(30, 1));
            write(second, bytes(20, 2));
            second.commit();
            first.commit();
        }
        assertThat(read("a")).isEqualTo(bytes(30, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 70_000})
    void refusesContentOfAnotherSizeThanDeclared(int difference) {
        byte[] actual = bytes(100_000, 1);
        Content lying = lying(actual.length - difference, actual);

        refusesBadContent(lying, "storage.content-size", Integer.toString(actual.length - difference));
    }

    @Test
    void refusesContentThatIsNotEmptyAsDeclaredOrTheOtherWayRound() {
        refusesBadContent(lying(0, bytes(1, 1)), "storage.content-size", "0 bytes");
        refusesBadContent(lying(1, bytes(0, 1)), "storage.content-size", "1 bytes");
    }

    @Test
    void refusesContentThatCannotBeRead() {
        Content failing = disturbed(bytes(300_000, 1), () -> {
            throw new IOException("source gone");
        });

        refusesBadContent(failing, "storage.content-unreadable", "source gone");
    }

    @Test
    void refusesContentThatCannotBeOpened() {
        Content failing = new Content() {
            @Override
            public long sizeBytes() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("source gone");
            }
        };

        refusesBadContent(failing, "storage.content-unreadable", "source gone");
    }

    private void refusesBadContent(Content content, String code, String message) {
        for (BiConsumer<ObjectKey, Content> store : stores()) {
            assertThatThrownBy(() -> store.accept(key("bad"), content))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("bad")
                    .hasMessageContaining(message)
                    .extracting(e -> ((PitrException) e).code())
                    .isEqualTo(code);
            assertThat(listAll()).isEmpty();
        }
        put("kept", bytes(5, 5));
        assertThatThrownBy(() -> storage().put(key("kept"), content)).isInstanceOf(StorageException.class);
        assertThat(read("kept")).isEqualTo(bytes(5, 5));
        storage().delete(List.of(key("kept")));
    }

    private List<BiConsumer<ObjectKey, Content>> stores() {
        return List.of(storage()::createIfAbsent, storage()::put);
    }

    @Test
    void passesOnTheErrorOfAnotherStore() {
        PitrException error = new PitrException("other.store", "the other store failed");
        Content failing = disturbed(bytes(1000, 1), () -> {
            throw error;
        });

        for (BiConsumer<ObjectKey, Content> store : stores()) {
            assertThatThrownBy(() -> store.accept(key("bad"), failing)).isSameAs(error);
        }
        assertThat(listAll()).isEmpty();
    }

    @Test
    void closesEveryContentThatItOpened() {
        AtomicInteger open = new AtomicInteger();
        Content counted = new Content() {
            @Override
            public long sizeBytes() {
                return 9;
            }

            @Override
            public InputStream open() {
                open.incrementAndGet();
                return new ByteArrayInputStream(bytes(9, 1)) {
                    @Override
                    public void close() {
                        open.decrementAndGet();
                    }
                };
            }
        };

        storage().createIfAbsent(key("a"), counted);
        storage().put(key("a"), counted);
        assertThatThrownBy(() -> storage().createIfAbsent(key("a"), counted)).isInstanceOf(ObjectExistsException.class);
        assertThat(open).hasValue(0);
    }

    @Test
    void holdsEveryKeyThatTheGrammarAllows() {
        String component = "x".repeat(200);
        String longest = component + "/" + component + "/" + component + "/" + component + "/" + "y".repeat(96);
        assertThat(longest).hasSize(900);
        List<String> keys =
                List.of("-", "0", "A", "_", "a", "a-", "a..b", "abc.", "dev/null.zst", longest, "z_Z-9.0/AZaz09._-");
        keys.forEach(this::put);

        assertThat(listAll()).containsExactlyElementsOf(keys.stream().sorted().toList());
        for (String key : keys) {
            assertThat(read(key)).as(key).isEqualTo(bytes(10, key.hashCode()));
        }
    }

    @Test
    void holdsOrRefusesAKeyThatIsTheFolderOfAnother() {
        put("a/b", bytes(5, 1));

        for (String conflicting : List.of("a", "a/b/c", "a/b/c/d")) {
            for (BiConsumer<ObjectKey, Content> store : stores()) {
                try {
                    store.accept(key(conflicting), Content.of(bytes(6, 2)));
                    assertThat(read(conflicting)).isEqualTo(bytes(6, 2));
                    storage().delete(List.of(key(conflicting)));
                } catch (StorageException e) {
                    assertThat(e.code()).isEqualTo("storage.key-conflict");
                    assertThat(e).hasMessageContaining(conflicting);
                }
                assertThat(read("a/b")).isEqualTo(bytes(5, 1));
                assertThat(listAll()).containsExactly("a/b");
            }
        }
    }

    @Test
    void leavesAliveUploadAloneWhenItRemovesAbandonedOnes() {
        try (ObjectUpload upload = storage().upload(key("a"))) {
            write(upload, bytes(100, 1));
            storage().removeAbandonedUploads(Duration.ofDays(1));
            upload.commit();
        }
        assertThat(read("a")).isEqualTo(bytes(100, 1));
        assertThatThrownBy(() -> storage().removeAbandonedUploads(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S");
    }

    @Test
    void provesThatItCreatesOnlyWhatIsAbsentAndLeavesNothingOfTheProof() {
        assertThat(storage().enforcesCreateIfAbsent()).isTrue();
        assertThat(storage().enforcesCreateIfAbsent()).isTrue();
        assertThat(listAll()).isEmpty();
    }
}

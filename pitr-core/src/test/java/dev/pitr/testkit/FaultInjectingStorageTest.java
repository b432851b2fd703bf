package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.storage.Content;
import dev.pitr.storage.InMemoryStorage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultInjectingStorageTest extends ObjectStorageContract {
    @Override
    protected ObjectStorage openStorage() {
        return new FaultInjectingStorage(new InMemoryStorage(), FaultPlan.none());
    }

    private FaultInjectingStorage broken(FaultPlan plan) {
        return new FaultInjectingStorage(storage(), plan);
    }

    private static Content content() {
        return Content.of(bytes(1000, 1));
    }

    @Test
    void countsEveryCallAndEachMebibyteOfAStream() throws IOException {
        FaultInjectingStorage counting = broken(FaultPlan.none());
        try (ObjectUpload upload = counting.upload(key("a"))) {
            for (int i = 0; i < 30; i++) {
                upload.write(bytes(100_000, i));
            }
            upload.commit();
        }
        try (InputStream in = counting.open(key("a"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        counting.delete(List.of(key("a")));

        assertThat(counting.calls())
                .startsWith(StorageCall.UPLOAD, StorageCall.WRITE)
                .contains(StorageCall.COMMIT, StorageCall.OPEN, StorageCall.READ)
                .endsWith(StorageCall.DELETE);
        assertThat(counting.calls().stream().filter(StorageCall.WRITE::equals)).hasSize(3);
        assertThat(counting.callCount()).isEqualTo(counting.calls().size());
        assertThat(counting.struck()).isEmpty();
    }

    @Test
    void failsBeforeTheCall() {
        FaultInjectingStorage broken = broken(FaultPlan.at(2, Fault.FAIL_BEFORE));
        broken.put(key("a"), content());

        assertThatThrownBy(() -> broken.put(key("b"), content()))
                .isInstanceOf(StorageUnavailableException.class)
                .hasMessageContaining("PUT b");
        assertThat(broken.struck()).contains("FAIL_BEFORE at call 2, PUT b");
        broken.put(key("c"), content());
        assertThat(listAll()).containsExactly("a", "c");
    }

    @Test
    void losesTheReply() {
        FaultInjectingStorage broken = broken(FaultPlan.at(StorageCall.CREATE, 1, Fault.FAIL_AFTER));

        assertThatThrownBy(() -> broken.createIfAbsent(key("a"), content()))
                .isInstanceOf(UnknownOutcomeException.class);
        assertThat(read("a")).isEqualTo(bytes(1000, 1));
    }

    @Test
    void losesTheRequest() {
        FaultInjectingStorage broken = broken(FaultPlan.at(1, Fault.UNKNOWN_BEFORE));

        assertThatThrownBy(() -> broken.createIfAbsent(key("a"), content()))
                .isInstanceOf(UnknownOutcomeException.class);
        assertAbsent("a");
    }

    @Test
    void losesTheReplyToACommit() {
        FaultInjectingStorage broken = broken(FaultPlan.at(StorageCall.COMMIT, 1, Fault.FAIL_AFTER));
        try (ObjectUpload upload = broken.upload(key("a"))) {
            write(upload, bytes(100, 1));
            assertThatThrownBy(upload::commit).isInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(read("a")).isEqualTo(bytes(100, 1));
    }

    @Test
    void tearsWhatIsStored() {
        for (StorageCall call : List.of(StorageCall.CREATE, StorageCall.PUT, StorageCall.WRITE)) {
            FaultInjectingStorage broken = broken(FaultPlan.at(call, 1, Fault.TEAR));
            assertThatThrownBy(() -> {
                        switch (call) {
                            case CREATE -> broken.createIfAbsent(key("a"), content());
                            case PUT -> broken.put(key("a"), content());
                            default -> {
                                try (ObjectUpload upload = broken.upload(key("a"))) {
                                    upload.write(bytes(100, 1));
                                }
                            }
                        }
                    })
                    .isInstanceOf(StorageUnavailableException.class);
            assertAbsent("a");
        }
    }

    @Test
    void tearsAndCorruptsWhatIsReadWithoutAnError() throws IOException {
        put("a", bytes(1000, 1));

        try (InputStream in = broken(FaultPlan.at(2, Fault.TEAR)).open(key("a"))) {
            assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOf(bytes(1000, 1), 500));
        }
        try (InputStream in = broken(FaultPlan.at(2, Fault.CORRUPT)).open(key("a"))) {
            assertThat(in.readAllBytes()).hasSize(1000).isNotEqualTo(bytes(1000, 1));
        }
    }

    @Test
    void tearsAListingAndADelete() {
        putAll(List.of("a", "b", "c", "d"));
        try (Stream<ObjectInfo> objects = broken(FaultPlan.at(1, Fault.TEAR)).list("", "")) {
            assertThatThrownBy(
                            () -> objects.forEach(info -> assertThat(info.key()).isEqualTo(key("a"))))
                    .isInstanceOf(StorageUnavailableException.class);
        }

        assertThatThrownBy(() -> broken(FaultPlan.at(1, Fault.TEAR)).delete(List.of(key("a"), key("b"), key("c"))))
                .isInstanceOf(StorageUnavailableException.class);
        assertThat(listAll()).containsExactly("b", "c", "d");
    }

    @Test
    void isSlow() {
        FaultInjectingStorage slow = broken(FaultPlan.at(1, Fault.SLOW).delayedBy(Duration.ofMillis(80)));

        long start = System.nanoTime();
        slow.put(key("a"), content());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
        assertThat(read("a")).hasSize(1000);
    }

    @Test
    void failsEveryCallOfADeadProcessAndCleansNothingUp() throws IOException {
        put("a", bytes(3 << 20, 1));
        FaultInjectingStorage dying = broken(FaultPlan.at(StorageCall.PUT, 1, Fault.DIE_AFTER));
        try (ObjectUpload upload = dying.upload(key("upload"));
                InputStream in = dying.open(key("a"))) {
            upload.write(bytes(10, 1));
            assertThat(in.read()).isNotNegative();

            assertThatThrownBy(() -> dying.put(key("put"), content())).isInstanceOf(UnknownOutcomeException.class);

            assertThatThrownBy(() -> dying.stat(key("a"))).isInstanceOf(StorageUnavailableException.class);
            assertThatThrownBy(() -> upload.write(bytes(10, 1))).isInstanceOf(StorageUnavailableException.class);
            assertThatThrownBy(in::readAllBytes).isInstanceOf(StorageUnavailableException.class);
            assertThatThrownBy(upload::commit).isInstanceOf(StorageUnavailableException.class);
        }
        assertThat(listAll()).containsExactly("a", "put");
        dying.close();
    }

    @Test
    void refusesPlansThatCannotHappen() {
        assertThatThrownBy(() -> FaultPlan.at(0, Fault.SLOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
        assertThatThrownBy(() -> FaultPlan.at(StorageCall.STAT, 1, Fault.CORRUPT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CORRUPT");
    }
}

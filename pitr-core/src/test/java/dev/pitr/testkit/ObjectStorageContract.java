package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.CancelledException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link ObjectStorage} as tests. A store of your own is right when a subclass of this passes.
 *
 * <pre>{@code
 * class MyStorageTest extends ObjectStorageContract {
 *     @Override
 *     protected ObjectStorage openStorage() {
 *         return new MyStorage(anEmptyPlace());
 *     }
 * }
 * }</pre>
 *
 * <p>Each test gets a store of its own and closes it. The largest object has 21 MiB, the longest listing 1,103 keys. What
 * only a real outage shows, durability above all, is not tested here.
 */
public abstract class ObjectStorageContract extends ListingContract {
    private static final int THREADS = 32;

    /** For subclasses. */
    protected ObjectStorageContract() {}

    @RepeatedTest(10)
    void hasOneWinnerAmongManyCreators() {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<Boolean>> creators = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            byte[] bytes = bytes(50_000 + i, i);
            creators.add(() -> {
                start.await();
                return creates("race/one", bytes);
            });
        }

        List<Boolean> won = atOnce(creators);

        assertThat(won).containsOnlyOnce(true);
        int winner = won.indexOf(true);
        assertThat(read("race/one")).isEqualTo(bytes(50_000 + winner, winner));
        assertThat(listAll()).containsExactly("race/one");
    }

    private boolean creates(String key, byte[] bytes) {
        try {
            storage().createIfAbsent(key(key), Content.of(bytes));
            return true;
        } catch (ObjectExistsException e) {
            return false;
        }
    }

    @Test
    void showsReadersWholeObjectsWhileOthersReplaceThem() {
        int size = 300_000;
        put("a", uniform(size, 0));
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            int writer = i;
            tasks.add(() -> {
                for (int round = 0; round < 25; round++) {
                    put("a", uniform(size + writer, writer));
                }
                done.set(true);
                return 0;
            });
        }
        for (int i = 0; i < 4; i++) {
            tasks.add(() -> {
                int reads = 0;
                while (!done.get() || reads < 5) {
                    assertUniform(read("a"), size);
                    reads++;
                }
                return reads;
            });
        }

        assertThat(atOnce(tasks)).hasSize(8);
    }

    private static byte[] uniform(int size, int value) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static void assertUniform(byte[] bytes, int size) {
        assertThat(bytes.length).isEqualTo(size + bytes[0]);
        for (byte b : bytes) {
            if (b != bytes[0]) {
                throw new AssertionError("Torn: bytes of writer " + bytes[0] + " and of writer " + b);
            }
        }
    }

    @Test
    void showsAWholeObjectAtFirstSight() {
        byte[] bytes = bytes(2_000_000, 1);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        tasks.add(() -> creates("new/object", bytes));
        for (int i = 0; i < 4; i++) {
            tasks.add(() -> {
                byte[] seen = null;
                while (seen == null) {
                    seen = readIfPresent("new/object");
                }
                assertThat(seen).isEqualTo(bytes);
                return true;
            });
        }

        assertThat(atOnce(tasks)).doesNotContain(false);
    }

    private byte[] readIfPresent(String key) {
        try {
            return read(key);
        } catch (ObjectNotFoundException e) {
            return null;
        }
    }

    @Test
    void createsAndDeletesNeighboursAtOnce() {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String key = "deep/er/folder" + (i % 2) + "/" + i;
            tasks.add(() -> {
                for (int round = 0; round < 30; round++) {
                    storage().createIfAbsent(key(key), Content.of(bytes(10, round)));
                    assertThat(read(key)).isEqualTo(bytes(10, round));
                    storage().delete(List.of(key(key)));
                }
                return storage().stat(key(key)).isEmpty();
            });
        }

        assertThat(atOnce(tasks)).doesNotContain(false);
        assertThat(listAll()).isEmpty();
    }

    @Test
    void servesManyThreads() {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String key = "threads/" + i;
            byte[] bytes = bytes(100_000, i);
            tasks.add(() -> {
                try (ObjectUpload upload = storage().upload(key(key))) {
                    write(upload, bytes);
                    upload.commit();
                }
                return java.util.Arrays.equals(read(key), bytes)
                        && list(key, "").contains(key);
            });
        }

        assertThat(atOnce(tasks)).doesNotContain(false);
        assertThat(listAll()).hasSize(THREADS);
    }

    @Test
    void doesNothingForAnInterruptedThread() {
        put("a", bytes(10, 1));
        Content content = Content.of(bytes(10, 2));

        assertCancelled(() -> storage().createIfAbsent(key("b"), content));
        assertCancelled(() -> storage().put(key("a"), content));
        assertCancelled(() -> storage().upload(key("a")));
        assertCancelled(() -> storage().open(key("a")));
        assertCancelled(() -> storage().open(key("a"), 0, 5));
        assertCancelled(() -> storage().stat(key("a")));
        assertCancelled(this::listAll);
        assertCancelled(() -> storage().delete(List.of(key("a"))));
        assertThat(listAll()).containsExactly("a");
        assertThat(read("a")).isEqualTo(bytes(10, 1));
    }

    private static void assertCancelled(ThrowingCallable call) {
        assertThatThrownBy(() -> {
                    Thread.currentThread().interrupt();
                    call.call();
                })
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).as("the interrupt status is set").isTrue();
    }

    @Test
    void leavesNothingWhenInterruptedInTheMiddle() {
        put("old", bytes(10, 1));
        byte[] bytes = bytes(500_000, 2);
        Content interrupting = disturbed(bytes, () -> Thread.currentThread().interrupt());

        assertCancelled(() -> storage().createIfAbsent(key("new"), interrupting));
        assertCancelled(() -> storage().put(key("old"), interrupting));
        try (ObjectUpload upload = storage().upload(key("old"))) {
            write(upload, bytes);
            assertCancelled(() -> write(upload, bytes));
        }
        try (ObjectUpload upload = storage().upload(key("old"))) {
            write(upload, bytes);
            assertCancelled(upload::commit);
        }

        assertThat(listAll()).containsExactly("old");
        assertThat(read("old")).isEqualTo(bytes(10, 1));
    }

    @Test
    void readsOnOrIsCancelledWhenInterruptedWhileReading() throws IOException {
        byte[] bytes = bytes(1_000_000, 1);
        put("a", bytes);

        try (InputStream in = storage().open(key("a"))) {
            assertThat(in.readNBytes(10)).hasSize(10);
            Thread.currentThread().interrupt();
            assertThat(in.readAllBytes()).hasSize(bytes.length - 10);
        } catch (CancelledException e) {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void refusesEveryCallAfterItWasClosed() {
        put("a");
        ObjectStorage closed = storage();
        closed.close();
        closed.close();
        Content content = Content.of(bytes(1, 1));

        List<ThrowingCallable> calls = List.of(
                () -> closed.createIfAbsent(key("b"), content),
                () -> closed.put(key("b"), content),
                () -> closed.upload(key("b")),
                () -> closed.open(key("a")),
                () -> closed.open(key("a"), 0, 1),
                () -> closed.stat(key("a")),
                () -> closed.list("", ""),
                () -> closed.delete(List.of(key("a"))),
                () -> closed.removeAbandonedUploads(Duration.ofDays(1)),
                closed::enforcesCreateIfAbsent);
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
        assertThat(closed.description()).isNotBlank();
    }
}

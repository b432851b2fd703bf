package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.ObjectUpload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store under test and short words for what is done with it. */
abstract class StorageFixture {
    private ObjectStorage storage;

    /**
     * Opens the store under test, on a place that is empty.
     *
     * @return a store of its own for each test
     */
    protected abstract ObjectStorage openStorage();

    /**
     * Opens the same place a second time, as another process would.
     *
     * @param first what {@link #openStorage()} returned
     * @return a second instance, closed by the test; or {@code first}, if a place can't be opened twice
     */
    protected ObjectStorage openAgain(ObjectStorage first) {
        return first;
    }

    @BeforeEach
    void openIt() {
        storage = openStorage();
    }

    @AfterEach
    void closeIt() {
        // An interrupt that a test has left must not reach the next one.
        Thread.interrupted();
        storage.close();
    }

    /**
     * Returns the store of the running test.
     *
     * @return what {@link #openStorage()} returned
     */
    protected final ObjectStorage storage() {
        return storage;
    }

    static ObjectKey key(String value) {
        return new ObjectKey(value);
    }

    /** Bytes that don't compress and differ by seed. */
    static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    final void put(String key, byte[] bytes) {
        storage.put(key(key), Content.of(bytes));
    }

    final void put(String key) {
        put(key, bytes(10, key.hashCode()));
    }

    final byte[] read(String key) {
        try (InputStream in = storage.open(key(key))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("A store's stream throws StorageException, not IOException", e);
        }
    }

    final byte[] read(String key, long offset, long length) {
        try (InputStream in = storage.open(key(key), offset, length)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("A store's stream throws StorageException, not IOException", e);
        }
    }

    static void write(ObjectUpload upload, byte[] bytes) {
        try {
            upload.write(bytes);
        } catch (IOException e) {
            throw new AssertionError("An upload throws StorageException, not IOException", e);
        }
    }

    final List<String> list(String prefix, String from) {
        try (Stream<ObjectInfo> objects = storage.list(prefix, from)) {
            return objects.map(info -> info.key().value()).toList();
        }
    }

    final List<String> listAll() {
        return list("", "");
    }

    final void assertAbsent(String key) {
        assertThat(storage.stat(key(key))).isEmpty();
        assertThat(listAll()).doesNotContain(key);
    }

    /** Runs all tasks at once, each on a thread of its own, and returns their results in order. */
    static <T> List<T> atOnce(List<? extends Callable<T>> tasks) {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Creates many objects, quickly. */
    final void putAll(List<String> keys) {
        int threads = 8;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int first = i;
            tasks.add(() -> {
                for (int k = first; k < keys.size(); k += threads) {
                    put(keys.get(k));
                }
                return null;
            });
        }
        atOnce(tasks);
    }

    /** Content that says it has one size and has another. */
    static Content lying(long declaredBytes, byte[] actual) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return declaredBytes;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(actual);
            }
        };
    }

    /** Content that does something after half of its bytes. */
    static Content disturbed(byte[] actual, Disturbance disturbance) {
        return new Content() {
            @Override
            public long sizeBytes() {
                return actual.length;
            }

            @Override
            public InputStream open() {
                return new DisturbedStream(actual, disturbance);
            }
        };
    }

    /** What happens in the middle of a content. */
    interface Disturbance {
        void happen() throws IOException;
    }

    private static final class DisturbedStream extends InputStream {
        private final byte[] bytes;
        private final Disturbance disturbance;
        private int position;

        DisturbedStream(byte[] bytes, Disturbance disturbance) {
            this.bytes = bytes;
            this.disturbance = disturbance;
        }

        @Override
        public int read() throws IOException {
            if (position == bytes.length / 2) {
                disturbance.happen();
            }
            return position == bytes.length ? -1 : bytes[position++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int n = 0;
            while (n < Math.min(length, 1 + bytes.length / 8)) {
                int next = read();
                if (next < 0) {
                    return n == 0 ? -1 : n;
                }
                target[offset + n] = (byte) next;
                n++;
            }
            return n;
        }
    }
}

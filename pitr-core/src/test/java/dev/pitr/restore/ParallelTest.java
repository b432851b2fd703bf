package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.error.CancelledException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ParallelTest {
    @Test
    void worksOnEachItemOnce() {
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        Parallel.<Integer>forEach(
                4,
                items -> IntStream.range(0, 1000).forEach(items::accept),
                item -> assertThat(done.add(item)).isTrue());
        assertThat(done).hasSize(1000);
    }

    @Test
    void throwsTheFirstFailureAndStopsTheProducer() {
        AtomicReference<Integer> last = new AtomicReference<>(0);
        assertThatThrownBy(() -> Parallel.<Integer>forEach(
                        3,
                        items -> IntStream.iterate(0, i -> i + 1).forEach(i -> {
                            last.set(i);
                            items.accept(i);
                        }),
                        item -> {
                            if (item == 100) {
                                throw new RestoreException("restore.test", "at 100");
                            }
                        }))
                .isInstanceOf(RestoreException.class)
                .hasMessage("at 100");
        assertThat(last.get()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void throwsWhatTheProducerThrows() {
        assertThatThrownBy(() -> Parallel.<Integer>forEach(
                        2,
                        items -> {
                            items.accept(1);
                            throw new IllegalStateException("index damaged");
                        },
                        item -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("index damaged");
    }

    @Test
    void interruptsItsThreadsWhenTheCallerIsInterrupted() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                Parallel.<Integer>forEach(2, items -> IntStream.range(0, 2).forEach(items::accept), item -> {
                    working.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                });
            } catch (CancelledException e) {
                thrown.set(e);
                flag.set(Thread.currentThread().isInterrupted());
            }
        });
        caller.start();
        working.await();
        caller.interrupt();
        caller.join();
        interrupted.await();
        assertThat(thrown.get()).isInstanceOf(CancelledException.class);
        assertThat(flag.get()).isTrue();
    }
}

package dev.pitr.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ParallelTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    @Test
    void endsOnAnExecutorWhoseThreadsAllWaitForIt() throws Exception {
        AtomicInteger done = new AtomicInteger();
        Runnable job = () -> Parallel.of(pool, 2).forEach(List.of(1, 2, 3), "job", item -> done.incrementAndGet());
        for (var outcome : List.of(pool.submit(job), pool.submit(job))) {
            outcome.get(20, TimeUnit.SECONDS);
        }
        assertThat(done).hasValue(6);
    }

    @Test
    void leavesNoActionRunningWhenOneFails() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        assertThatThrownBy(() -> Parallel.of(pool, 2).forEach(List.of("slow", "failing"), "job", item -> {
                    if (item.equals("slow")) {
                        begun.countDown();
                        while (!Thread.currentThread().isInterrupted() && !pool.isShutdown() && begun.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        ended.set(true);
                        return;
                    }
                    awaitBegun(begun);
                    throw new IllegalStateException("failing");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("failing");
        assertThat(ended).isTrue();
    }

    private static void awaitBegun(CountDownLatch begun) {
        try {
            begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

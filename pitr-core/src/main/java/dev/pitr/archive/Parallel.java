package dev.pitr.archive;

import dev.pitr.error.CancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one action over many items, several at once. The calling thread takes part, so that it works with an executor
 * that is busy, and without one.
 */
final class Parallel {
    static final Parallel CALLER_ONLY = new Parallel(null, 1);

    private final @Nullable ExecutorService executor;
    private final int atOnce;

    private Parallel(@Nullable ExecutorService executor, int atOnce) {
        this.executor = executor;
        this.atOnce = atOnce;
    }

    static Parallel of(ExecutorService executor, int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("Cannot work on " + atOnce + " files at once: expected 1 or more");
        }
        return new Parallel(executor, atOnce);
    }

    /** Returns when all are done, or throws what the first failing action threw; the others then start no new item. */
    <T> void forEach(List<T> items, String job, Consumer<T> action) {
        Queue<T> queue = new ConcurrentLinkedQueue<>(items);
        List<Future<?>> others = new ArrayList<>();
        try {
            if (executor != null) {
                for (int i = 1; i < Math.min(atOnce, items.size()); i++) {
                    others.add(executor.submit(() -> drain(queue, job, action)));
                }
            }
            drain(queue, job, action);
            for (Future<?> other : others) {
                other.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(job);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (CancellationException e) {
            throw new CancelledException(job);
        } finally {
            queue.clear();
            others.forEach(other -> other.cancel(true));
        }
    }

    private static <T> void drain(Queue<T> queue, String job, Consumer<T> action) {
        for (T item = queue.poll(); item != null; item = queue.poll()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException(job);
            }
            try {
                action.accept(item);
            } catch (RuntimeException | Error e) {
                queue.clear();
                throw e;
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
}

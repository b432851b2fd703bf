package dev.pitr.archive;

import dev.pitr.error.CancelledException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    /**
     * Returns when all are done, or throws what the first failing action threw; the others then start no new item.
     * Either way no action runs any more. Tasks that the executor has not begun by then are not waited for.
     */
    <T> void forEach(List<T> items, String job, Consumer<T> action) {
        Queue<T> queue = new ConcurrentLinkedQueue<>(items);
        Crew crew = new Crew();
        List<Future<?>> others = new ArrayList<>();
        try {
            if (executor != null) {
                for (int i = 1; i < Math.min(atOnce, items.size()); i++) {
                    others.add(executor.submit(() -> crew.work(() -> drain(queue, job, action))));
                }
            }
            drain(queue, job, action);
            crew.dismiss();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException(job);
        } finally {
            queue.clear();
            others.forEach(other -> other.cancel(true));
            crew.dismissUninterruptibly();
        }
        crew.rethrowFailure();
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

    /** Who works beside the caller: only those that have begun are waited for, since a busy executor may begin none. */
    private static final class Crew {
        private int working;
        private boolean dismissed;
        private @Nullable RuntimeException failure;
        private @Nullable Error error;

        void work(Runnable shift) {
            if (!begin()) {
                return;
            }
            try {
                shift.run();
            } catch (RuntimeException e) {
                note(e, null);
            } catch (Error e) {
                note(null, e);
            } finally {
                end();
            }
        }

        private synchronized boolean begin() {
            if (!dismissed) {
                working++;
            }
            return !dismissed;
        }

        private synchronized void end() {
            working--;
            notifyAll();
        }

        private synchronized void note(@Nullable RuntimeException failed, @Nullable Error broken) {
            failure = failure == null ? failed : failure;
            error = error == null ? broken : error;
        }

        synchronized void dismiss() throws InterruptedException {
            dismissed = true;
            while (working > 0) {
                wait();
            }
        }

        void dismissUninterruptibly() {
            boolean interrupted = false;
            while (true) {
                try {
                    dismiss();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized void rethrowFailure() {
            if (error != null) {
                throw error;
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}

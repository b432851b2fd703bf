package dev.pitr.restore;

import dev.pitr.error.CancelledException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands items from the calling thread to a fixed number of threads that live as long as the call. Few items wait at a time.
 * The first failure, the producer's or a worker's, stops all of them and is thrown; so does an interruption of the caller.
 */
final class Parallel<T> {
    private final Consumer<T> action;
    private final int maxWaiting;
    private final Deque<T> waiting = new ArrayDeque<>();
    private int running;
    private boolean produced;
    private @Nullable Throwable failure;

    private Parallel(int jobs, Consumer<T> action) {
        this.action = action;
        this.maxWaiting = 2 * jobs;
        this.running = jobs;
    }

    /** Produces items: gives each to the consumer that it gets. */
    interface Producer<T> {
        void produce(Consumer<T> items);
    }

    /**
     * Works on all items.
     *
     * @param jobs number of threads
     * @param producer called once, on the calling thread
     * @param action called once for each item, on one of the threads
     */
    static <T> void forEach(int jobs, Producer<T> producer, Consumer<T> action) {
        Parallel<T> work = new Parallel<>(jobs, action);
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= jobs; i++) {
            Thread thread = new Thread(work::run, "pitr-restore-" + i);
            threads.add(thread);
            thread.start();
        }
        work.produce(producer);
        work.await(threads);
        work.rethrow();
    }

    private void produce(Producer<T> producer) {
        try {
            producer.produce(this::put);
        } catch (Stopped e) {
            // The failure that stopped the producer is known.
        } catch (Throwable e) {
            fail(e);
        }
        endProduction();
    }

    private synchronized void put(T item) {
        while (waiting.size() >= maxWaiting && failure == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancelledException("The restore");
            }
        }
        if (failure != null) {
            throw new Stopped();
        }
        waiting.add(item);
        notifyAll();
    }

    private synchronized void endProduction() {
        produced = true;
        notifyAll();
    }

    private void run() {
        try {
            for (T item = take(); item != null; item = take()) {
                action.accept(item);
            }
        } catch (Throwable e) {
            fail(e);
        } finally {
            finish();
        }
    }

    private synchronized @Nullable T take() {
        try {
            while (waiting.isEmpty() && !produced && failure == null) {
                wait();
            }
        } catch (InterruptedException e) {
            return null;
        }
        T item = failure == null ? waiting.poll() : null;
        notifyAll();
        return item;
    }

    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        } else if (!(e instanceof CancelledException)) {
            failure.addSuppressed(e);
        }
        notifyAll();
    }

    private synchronized void finish() {
        running--;
        notifyAll();
    }

    private synchronized void await(List<Thread> threads) {
        boolean interrupted = Thread.interrupted();
        boolean stopped = false;
        while (running > 0) {
            if (interrupted) {
                fail(new CancelledException("The restore"));
            }
            if (failure != null && !stopped) {
                threads.forEach(Thread::interrupt);
                stopped = true;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void rethrow() {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Ends a producer whose items nobody wants any more. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("stopped", null, false, false);
        }
    }
}

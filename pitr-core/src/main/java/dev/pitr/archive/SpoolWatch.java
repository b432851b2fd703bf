package dev.pitr.archive;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve a {@link Spool}: one that watches, gives signs of life, and alone decides and keeps the state; and
 * those that work for it, whose reports it takes.
 */
final class SpoolWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolWatch.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STOP_MILLIS = TimeUnit.SECONDS.toMillis(10);

    /** What the watching thread does again and again. */
    interface Service {
        /** Takes what was asked and reported since, and decides. */
        void look() throws IOException;

        /** Learns that looking failed; it is tried again. */
        void failed(Exception e);
    }

    private final Spool spool;
    private final Service service;
    private final Thread watching;
    private final ExecutorService working;
    private volatile boolean stopped;

    /** Nothing runs yet. */
    SpoolWatch(Spool spool, String name, int workers, Service service) {
        this.spool = spool;
        this.service = service;
        this.watching = daemon(new Thread(this::watch, name));
        AtomicInteger count = new AtomicInteger();
        this.working = Executors.newFixedThreadPool(
                workers, task -> daemon(new Thread(task, name + "-" + count.incrementAndGet())));
    }

    private static Thread daemon(Thread thread) {
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        watching.start();
    }

    /** Runs a task on a working thread; what it has reported is looked at as soon as it ends. */
    void work(Runnable task) {
        working.execute(() -> {
            task.run();
            LockSupport.unpark(watching);
        });
    }

    /** Returns when no thread of this runs any more; one that can't be interrupted is waited for ten seconds. */
    void stop() {
        stopped = true;
        LockSupport.unpark(watching);
        working.shutdownNow();
        try {
            watching.join(STOP_MILLIS);
            if (!working.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("A thread of {} goes on in the background, since it can't be interrupted", watching.getName());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        long lastBeat = System.nanoTime();
        while (!stopped) {
            try {
                if (System.nanoTime() - lastBeat >= BEAT_NANOS) {
                    lastBeat = System.nanoTime();
                    spool.beat();
                }
                service.look();
            } catch (IOException | RuntimeException e) {
                // Without beats the waiting shell gives up with a fault, which is right as long as this doesn't pass.
                LOG.warn("{} failed, trying again", watching.getName(), e);
                service.failed(e);
                LockSupport.parkNanos(BEAT_NANOS);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}

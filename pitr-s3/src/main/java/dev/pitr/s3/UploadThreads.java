package dev.pitr.s3;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that send parts. There is no queue: when all are busy, the thread that fills parts sends the next one
 * itself, so that no more parts are in memory than there are threads and uploads.
 */
final class UploadThreads implements AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final @Nullable ThreadPoolExecutor pool;

    /** No threads at all is one choice. */
    UploadThreads(int size) {
        this.pool = size == 0
                ? null
                : new ThreadPoolExecutor(
                        0,
                        size,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        UploadThreads::thread,
                        (task, full) -> task.run());
    }

    private static final AtomicInteger STARTED = new AtomicInteger();

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "pitr-s3-upload-" + STARTED.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    <T> Future<T> submit(Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        if (pool == null) {
            future.run();
        } else {
            pool.execute(future);
        }
        return future;
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.shutdown();
        }
    }
}

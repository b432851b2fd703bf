package dev.pitr.s3;

/** Finishes what has begun to take effect, although the thread is interrupted; the interrupt status is set again after. */
final class Uninterrupted {
    private Uninterrupted() {}

    static void run(Runnable task) {
        boolean interrupted = Thread.interrupted();
        try {
            task.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

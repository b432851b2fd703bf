package dev.pitr.testkit;

import dev.pitr.error.CancelledException;
import dev.pitr.storage.StorageException;
import dev.pitr.storage.StorageUnavailableException;
import dev.pitr.storage.UnknownOutcomeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts the calls of one store and decides what happens to each. */
final class FaultInjector {
    private final FaultPlan plan;
    private final List<StorageCall> calls = new ArrayList<>();
    private @Nullable String struck;
    private boolean dead;

    FaultInjector(FaultPlan plan) {
        this.plan = plan;
    }

    /** A task that a call stands for, in whole or in half. */
    @FunctionalInterface
    interface Half {
        void run();
    }

    synchronized List<StorageCall> calls() {
        return Collections.unmodifiableList(new ArrayList<>(calls));
    }

    synchronized @Nullable String struck() {
        return struck;
    }

    synchronized boolean isDead() {
        return dead;
    }

    /** Counts a call and returns the fault that strikes it; fails if the process is dead. */
    synchronized @Nullable Fault next(StorageCall call, String what) {
        if (dead) {
            throw unavailable(call, what, "the process is dead");
        }
        calls.add(call);
        Fault fault = plan.faultAt(call, calls.size(), Collections.frequency(calls, call));
        if (fault != null) {
            struck = fault + " at call " + calls.size() + ", " + call + " " + what;
            dead = fault == Fault.DIE_BEFORE || fault == Fault.DIE_AFTER;
        }
        return fault;
    }

    <T> T call(StorageCall call, String what, Supplier<T> whole, Half half) {
        Fault fault = next(call, what);
        if (fault == null) {
            return whole.get();
        }
        switch (fault) {
            case SLOW -> waitFor(plan.delay());
            case TEAR -> {
                half.run();
                throw unavailable(call, what, "cut in the middle");
            }
            case FAIL_BEFORE, DIE_BEFORE -> throw unavailable(call, what, "not done");
            case UNKNOWN_BEFORE -> throw unknown(call, what);
            default -> {}
        }
        T result = whole.get();
        if (fault == Fault.FAIL_AFTER || fault == Fault.DIE_AFTER) {
            close(result);
            throw Fault.UNKNOWN_BEFORE.appliesTo(call) ? unknown(call, what) : unavailable(call, what, "reply lost");
        }
        return result;
    }

    /** Nobody will ever close a stream that was opened and not handed out. Uploads are kept, see their store. */
    private static void close(@Nullable Object result) {
        if (result instanceof java.io.InputStream stream) {
            try {
                stream.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    void waitForDelay() {
        waitFor(plan.delay());
    }

    private static void waitFor(Duration delay) {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancelledException("A slow call");
            }
            LockSupport.parkNanos(left);
        }
    }

    static StorageException unavailable(StorageCall call, String what, String reason) {
        return new StorageUnavailableException(
                "Cannot " + call + " " + what + ": injected fault, " + reason + ". Try again.", null);
    }

    private static StorageException unknown(StorageCall call, String what) {
        return new UnknownOutcomeException(
                "Cannot tell the outcome of " + call + " " + what + ": injected fault. Repeat it.", null);
    }
}

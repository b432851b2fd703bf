package dev.pitr.gcs;

import com.google.api.gax.retrying.RetrySettings;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The pauses between the attempts at one request, as the client's settings say: each longer than the one before, up to a
 * limit, and no more once the attempts or the time are used up.
 */
final class Retry {
    private static final Duration MAX_ASKED_PAUSE = Duration.ofMinutes(2);

    private final RetrySettings settings;
    private long startedAt = System.nanoTime();
    private int attempts = 1;
    private double pauseMillis;

    Retry(RetrySettings settings) {
        this.settings = settings;
        this.pauseMillis = settings.getInitialRetryDelayDuration().toMillis();
    }

    /** Begins anew: the last attempt got further. */
    void progressed() {
        startedAt = System.nanoTime();
        attempts = 1;
        pauseMillis = settings.getInitialRetryDelayDuration().toMillis();
    }

    /**
     * Waits for the next attempt, if there is one.
     *
     * @param asked how long the store asked to wait
     * @return whether to try again
     */
    boolean next(@Nullable Duration asked) throws InterruptedException {
        if (settings.getMaxAttempts() > 0 && attempts >= settings.getMaxAttempts()) {
            return false;
        }
        long pause = pause(asked);
        long limit = settings.getTotalTimeoutDuration().toMillis();
        if (limit > 0 && Duration.ofNanos(System.nanoTime() - startedAt).toMillis() + pause > limit) {
            return false;
        }
        attempts++;
        Thread.sleep(pause);
        return true;
    }

    private long pause(@Nullable Duration asked) {
        // At least half of it, so that many writers that failed at once don't come back at once.
        long own = (long) (pauseMillis * ThreadLocalRandom.current().nextDouble(0.5, 1.0));
        long max = Math.max(1, settings.getMaxRetryDelayDuration().toMillis());
        pauseMillis = Math.min((double) max, pauseMillis * Math.max(1.0, settings.getRetryDelayMultiplier()));
        if (asked == null) {
            return own;
        }
        return Math.max(own, Math.min(asked.toMillis(), MAX_ASKED_PAUSE.toMillis()));
    }
}

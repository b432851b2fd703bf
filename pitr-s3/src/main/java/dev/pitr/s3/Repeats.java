package dev.pitr.s3;

import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Repeats what the SDK takes for final and isn't. Everything else is the SDK's to repeat. */
final class Repeats {
    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MILLIS = 50;

    /** Not implemented; too busy, or no server behind the one that answers. */
    private static final Set<Integer> DONE_NOTHING = Set.of(501, 503);

    private Repeats() {}

    /** Repeats a call whose body was damaged on the way, or that met another writer's; the store kept nothing of either. */
    static <T> T of(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (S3Exception e) {
                if (attempt == ATTEMPTS || !isPassing(e, attempt) || !pause(attempt)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isPassing(S3Exception e, int attempt) {
        // Over plain HTTP the signature covers the body: damage looks like a wrong key, which only a second try tells.
        if (S3Failure.codeOf(e).equals("SignatureDoesNotMatch")) {
            return attempt == 1;
        }
        S3Failure failure = S3Failure.of(e);
        return failure == S3Failure.DAMAGED || (failure == S3Failure.UNAVAILABLE && e.statusCode() == 409);
    }

    /** Waits longer each time; returns false, with the interrupt status set, when the thread was interrupted. */
    static boolean pause(int attempt) {
        long limit = FIRST_PAUSE_MILLIS << attempt;
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(limit / 2, limit));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells whether the store has surely not done what it was asked, in this attempt or an earlier one. */
    static boolean isRefusal(SdkException e) {
        return e instanceof S3Exception answer
                && Integer.valueOf(1).equals(e.numAttempts())
                && (DONE_NOTHING.contains(answer.statusCode())
                        || (answer.statusCode() / 100 == 4 && answer.statusCode() != 408));
    }
}

package dev.pitr.testkit;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says which requests an {@link HttpFaultProxy} disturbs, and how. Immutable.
 *
 * <pre>{@code
 * HttpFaultPlan.at(1, HttpFault.RESET_AFTER).matching(request -> request.method().equals("PUT")).times(2)
 * }</pre>
 */
public final class HttpFaultPlan {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final int position;
    private final int times;
    private final @Nullable HttpFault fault;
    private final Predicate<ProxiedRequest> matching;
    private final Duration delay;

    private HttpFaultPlan(
            int position, int times, @Nullable HttpFault fault, Predicate<ProxiedRequest> matching, Duration delay) {
        if (position < 1) {
            throw new IllegalArgumentException("Invalid position " + position + ": the first request is 1");
        }
        if (times < 1) {
            throw new IllegalArgumentException("Invalid number of times " + times + ": expected 1 or more");
        }
        this.position = position;
        this.times = times;
        this.fault = fault;
        this.matching = matching;
        this.delay = delay;
    }

    /**
     * Nothing happens; requests are counted.
     *
     * @return a plan
     */
    public static HttpFaultPlan none() {
        return new HttpFaultPlan(1, 1, null, request -> true, SHORT);
    }

    /**
     * A fault at the n-th request.
     *
     * @param position 1 for the first request that matches
     * @param fault what happens; nothing, where the request or its answer lacks the body that it needs
     * @return a plan
     */
    public static HttpFaultPlan at(int position, HttpFault fault) {
        return new HttpFaultPlan(position, 1, fault, request -> true, SHORT);
    }

    /**
     * The same plan for some requests only; others are passed on and not counted.
     *
     * @param requests which requests
     * @return a plan
     */
    public HttpFaultPlan matching(Predicate<ProxiedRequest> requests) {
        return new HttpFaultPlan(position, times, fault, requests, delay);
    }

    /**
     * The same fault at several requests in a row, which defeats a client that tries again.
     *
     * @param times how many, 1 or more
     * @return a plan
     */
    public HttpFaultPlan times(int times) {
        return new HttpFaultPlan(position, times, fault, matching, delay);
    }

    /**
     * The same fault at the request and at all that follow: the server doesn't come back.
     *
     * @return a plan
     */
    public HttpFaultPlan lasting() {
        return times(Integer.MAX_VALUE);
    }

    /**
     * The same plan with another delay, which is 50 ms otherwise: for {@link HttpFault#SLOW}, and in whole seconds,
     * rounded up, for {@code Retry-After}.
     *
     * @param delay zero or more
     * @return a plan
     */
    public HttpFaultPlan delayedBy(Duration delay) {
        return new HttpFaultPlan(position, times, fault, matching, delay);
    }

    boolean matches(ProxiedRequest request) {
        return matching.test(request);
    }

    /** The fault for the n-th request that matches. */
    @Nullable
    HttpFault faultAt(int nth) {
        return nth >= position && nth - position < times ? fault : null;
    }

    Duration delay() {
        return delay;
    }

    long retryAfterSeconds() {
        return (delay.toMillis() + 999) / 1000;
    }

    @Override
    public String toString() {
        if (fault == null) {
            return "no fault";
        }
        String until = times == 1 ? "" : times == Integer.MAX_VALUE ? " and all later ones" : ", " + times + " times";
        return fault + " at request " + position + until;
    }
}

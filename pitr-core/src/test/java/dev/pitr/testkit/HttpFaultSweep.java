package dev.pitr.testkit;

import dev.pitr.storage.ObjectStorage;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job once for every fault at every HTTP request that it makes, as {@link FaultSweep} does at every storage call,
 * and makes the same checks.
 *
 * <p>For each kind of fault the position goes up from 1 until the job ends without having met it. A failure of the sweep
 * names the fault, the position and the request.
 */
public final class HttpFaultSweep {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFaultSweep.class);

    private final String name;
    private final HttpFaultProxy proxy;
    private final Supplier<? extends Trial> trials;
    private final Predicate<ProxiedRequest> matching;
    private final int times;
    private final int stride;

    private HttpFaultSweep(
            String name,
            HttpFaultProxy proxy,
            Supplier<? extends Trial> trials,
            Predicate<ProxiedRequest> matching,
            int times,
            int stride) {
        this.name = name;
        this.proxy = proxy;
        this.trials = trials;
        this.matching = matching;
        this.times = times;
        this.stride = stride;
    }

    /** One run of the job in surroundings of its own. */
    public interface Trial extends FaultSweep.Trial {
        /**
         * Opens the place of {@link #storage()} by way of the proxy.
         *
         * @param proxy where it listens
         * @return a store whose requests are disturbed, closed by the sweep
         */
        ObjectStorage openThrough(URI proxy);
    }

    /**
     * What a sweep has gone through.
     *
     * @param requests how many requests the job makes when there is no fault
     * @param runs how many runs met each kind of fault
     */
    public record Report(int requests, Map<HttpFault, Integer> runs) {}

    /**
     * A sweep over all requests of a job, with a fault that strikes one of them.
     *
     * @param name the job's name, for messages
     * @param proxy in front of the trials' server
     * @param trials makes the surroundings of one run
     * @return the sweep
     */
    public static HttpFaultSweep of(String name, HttpFaultProxy proxy, Supplier<? extends Trial> trials) {
        return new HttpFaultSweep(name, proxy, trials, request -> true, 1, 1);
    }

    /**
     * The same sweep over some requests only.
     *
     * @param requests which ones
     * @return the sweep
     */
    public HttpFaultSweep matching(Predicate<ProxiedRequest> requests) {
        return new HttpFaultSweep(name, proxy, trials, requests, times, stride);
    }

    /**
     * The same sweep with faults that strike all later requests as well: the server doesn't come back.
     *
     * @return the sweep
     */
    public HttpFaultSweep lasting() {
        return new HttpFaultSweep(name, proxy, trials, matching, Integer.MAX_VALUE, stride);
    }

    /**
     * The same sweep at every n-th request only.
     *
     * @param stride 1 for all
     * @return the sweep
     */
    public HttpFaultSweep everyNth(int stride) {
        if (stride < 1) {
            throw new IllegalArgumentException("Invalid stride " + stride + ": expected 1 or more");
        }
        return new HttpFaultSweep(name, proxy, trials, matching, times, stride);
    }

    /**
     * Runs the sweep, and logs how many requests and runs there were.
     *
     * @param faults the kinds of fault
     * @return what it has gone through
     * @throws AssertionError at the first run that breaks the promise
     */
    public Report run(List<HttpFault> faults) {
        runOnce(HttpFaultPlan.none());
        List<ProxiedRequest> undisturbed =
                proxy.requests().stream().filter(matching).toList();
        Map<HttpFault, Integer> runs = new EnumMap<>(HttpFault.class);
        for (HttpFault fault : faults) {
            // Each kind begins somewhere else, so that few runs meet many requests.
            runs.put(fault, sweep(fault, runs.size(), undisturbed));
        }
        LOG.info("{}: {} requests, runs with a fault: {}", name, undisturbed.size(), runs);
        return new Report(undisturbed.size(), Map.copyOf(runs));
    }

    private int sweep(HttpFault fault, int skipped, List<ProxiedRequest> undisturbed) {
        Predicate<ProxiedRequest> affected = matching.and(fault::appliesTo);
        int requests = (int) undisturbed.stream().filter(affected).count();
        int struck = 0;
        int position = 1 + skipped % Math.max(1, Math.min(stride, requests));
        while (position <= requests) {
            int made =
                    runOnce(HttpFaultPlan.at(position, fault).matching(affected).times(times));
            struck += proxy.struck().isPresent() ? 1 : 0;
            requests = Math.max(requests, made);
            position += stride;
        }
        return struck;
    }

    /** Returns how many requests matched. */
    private int runOnce(HttpFaultPlan plan) {
        try (Trial trial = trials.get()) {
            proxy.arm(plan);
            try (ObjectStorage broken = trial.openThrough(proxy.uri())) {
                FaultSweep.runAndCheck(trial, broken, proxy::struck);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(name + ", " + proxy.struck().orElse("no fault") + ": " + e, e);
            }
            return proxy.matchCount();
        } catch (Exception e) {
            throw new AssertionError(name + ", " + plan + ", closing: " + e, e);
        }
    }
}

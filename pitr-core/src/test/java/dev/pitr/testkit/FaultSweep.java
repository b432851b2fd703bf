package dev.pitr.testkit;

import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectStorage;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job once for every fault at every storage call that it makes, and checks each time what is left and that the
 * job succeeds when it is repeated.
 *
 * <pre>{@code
 * FaultSweep.of("archive", ArchiveTrial::new).run();
 * }</pre>
 *
 * <p>For each kind of fault the position goes up from 1 until the job ends without having met it: so the job may make
 * calls from several threads in any order. A job fails with a {@link PitrException}, or not at all; any other exception
 * fails the sweep. A failure of the sweep names the fault, the position and the call.
 */
public final class FaultSweep {
    private static final Logger LOG = LoggerFactory.getLogger(FaultSweep.class);

    private final String name;
    private final Supplier<? extends Trial> trials;
    private final List<Fault> faults;
    private final int stride;

    private FaultSweep(String name, Supplier<? extends Trial> trials, List<Fault> faults, int stride) {
        this.name = name;
        this.trials = trials;
        this.faults = faults;
        this.stride = stride;
    }

    /** One run of the job in surroundings of its own, made anew for each fault and position. */
    public interface Trial extends AutoCloseable {
        /**
         * Returns the store in good order, with whatever the job needs in it.
         *
         * @return the same store each time
         */
        ObjectStorage storage();

        /**
         * Does the job.
         *
         * @param storage the store to use: a broken one at first, then, to repeat the job, the one in good order
         * @throws Exception if it fails
         */
        void run(ObjectStorage storage) throws Exception;

        /**
         * Checks what the job has left after a fault, on the store in good order: when it was acknowledged, all of it
         * is there; when not, nothing half-done is visible.
         *
         * @param failure what the job failed with; null if it was acknowledged
         * @throws Exception if the check can't be done
         */
        void check(@Nullable PitrException failure) throws Exception;

        /**
         * Checks what is there after the job has been repeated without a fault. Unless overridden, as after an
         * acknowledged job.
         *
         * @throws Exception if the check can't be done
         */
        default void checkRepeated() throws Exception {
            check(null);
        }

        @Override
        default void close() throws Exception {}
    }

    /**
     * What a sweep has gone through.
     *
     * @param positions how many storage calls the job makes when there is no fault
     * @param runs how many runs met each kind of fault
     */
    public record Report(int positions, Map<Fault, Integer> runs) {
        /**
         * Returns how many runs met a fault.
         *
         * @return the sum over all kinds
         */
        public int faults() {
            return runs.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /**
     * A sweep over all faults at all positions.
     *
     * @param name the job's name, for messages
     * @param trials makes the surroundings of one run
     * @return the sweep
     */
    public static FaultSweep of(String name, Supplier<? extends Trial> trials) {
        return new FaultSweep(name, trials, List.of(Fault.values()), 1);
    }

    /**
     * The same sweep over some faults only.
     *
     * @param chosen the kinds of fault
     * @return the sweep
     */
    public FaultSweep with(Fault... chosen) {
        return new FaultSweep(name, trials, List.of(chosen), stride);
    }

    /**
     * The same sweep at every n-th position only, for jobs that take long.
     *
     * @param stride 1 for all
     * @return the sweep
     */
    public FaultSweep everyNth(int stride) {
        if (stride < 1) {
            throw new IllegalArgumentException("Invalid stride " + stride + ": expected 1 or more");
        }
        return new FaultSweep(name, trials, faults, stride);
    }

    /**
     * Runs the sweep, and logs how many positions and runs there were.
     *
     * @return what it has gone through
     * @throws AssertionError at the first run that breaks the promise
     */
    public Report run() {
        int positions = runOnce(FaultPlan.none()).callCount();
        Map<Fault, Integer> runs = new EnumMap<>(Fault.class);
        for (Fault fault : faults) {
            runs.put(fault, sweep(fault, positions));
        }
        Report report = new Report(positions, Map.copyOf(runs));
        LOG.info("{}: {} storage calls, {} runs with a fault: {}", name, positions, report.faults(), runs);
        return report;
    }

    private int sweep(Fault fault, int positions) {
        int struck = 0;
        int position = 1;
        int calls;
        do {
            FaultInjectingStorage broken = runOnce(FaultPlan.at(position, fault));
            struck += broken.struck().isPresent() ? 1 : 0;
            calls = broken.callCount();
            position += stride;
        } while (position <= Math.max(calls, positions));
        return struck;
    }

    private FaultInjectingStorage runOnce(FaultPlan plan) {
        try (Trial trial = trials.get();
                FaultInjectingStorage broken = new FaultInjectingStorage(trial.storage(), plan)) {
            try {
                runAndCheck(trial, broken, broken::struck);
            } catch (Exception | AssertionError e) {
                throw new AssertionError(name + ", " + broken.struck().orElse("no fault") + ": " + e, e);
            }
            return broken;
        } catch (Exception e) {
            throw new AssertionError(name + ", " + plan + ", closing: " + e, e);
        }
    }

    /** Does the job on a broken store, checks, and repeats it on the store in good order if a fault has struck. */
    static void runAndCheck(Trial trial, ObjectStorage broken, Supplier<Optional<String>> struck) throws Exception {
        PitrException failure = null;
        try {
            trial.run(broken);
        } catch (PitrException e) {
            if (struck.get().isEmpty()) {
                throw e;
            }
            failure = e;
        }
        trial.check(failure);
        if (struck.get().isPresent()) {
            trial.run(trial.storage());
            trial.checkRepeated();
        }
    }
}

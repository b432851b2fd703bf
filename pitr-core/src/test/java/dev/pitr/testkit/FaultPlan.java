package dev.pitr.testkit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says at which call of a {@link FaultInjectingStorage} what happens. Immutable. */
public final class FaultPlan {
    private static final Duration SLOW = Duration.ofMillis(50);

    private final int position;
    private final @Nullable StorageCall kind;
    private final @Nullable Fault fault;
    private final Duration delay;

    private FaultPlan(int position, @Nullable StorageCall kind, @Nullable Fault fault, Duration delay) {
        if (position < 1) {
            throw new IllegalArgumentException("Invalid position " + position + ": the first call is 1");
        }
        this.position = position;
        this.kind = kind;
        this.fault = fault;
        this.delay = delay;
    }

    /**
     * Nothing happens; calls are counted.
     *
     * @return a plan
     */
    public static FaultPlan none() {
        return new FaultPlan(1, null, null, SLOW);
    }

    /**
     * A fault at the n-th call.
     *
     * @param position 1 for the first call
     * @param fault what happens
     * @return a plan
     */
    public static FaultPlan at(int position, Fault fault) {
        return new FaultPlan(position, null, fault, SLOW);
    }

    /**
     * A fault at the n-th call of one kind.
     *
     * @param kind the kind of call
     * @param position 1 for the first call of that kind
     * @param fault what happens
     * @return a plan
     */
    public static FaultPlan at(StorageCall kind, int position, Fault fault) {
        if (!fault.appliesTo(kind)) {
            throw new IllegalArgumentException("Invalid fault " + fault + ": it can't happen at " + kind);
        }
        return new FaultPlan(position, kind, fault, SLOW);
    }

    /**
     * The same plan with another delay for {@link Fault#SLOW}, which is 50 ms otherwise.
     *
     * @param delay how late a slow call is
     * @return a plan
     */
    public FaultPlan delayedBy(Duration delay) {
        return new FaultPlan(position, kind, fault, delay);
    }

    /** The fault for a call: the n-th of all, the n-th of its kind. */
    @Nullable
    Fault faultAt(StorageCall call, int nthOfAll, int nthOfKind) {
        boolean chosen = kind == null ? nthOfAll == position : kind == call && nthOfKind == position;
        return chosen && fault != null && fault.appliesTo(call) ? fault : null;
    }

    Duration delay() {
        return delay;
    }

    @Override
    public String toString() {
        return fault == null ? "no fault" : fault + " at " + (kind == null ? "call " : kind + " ") + position;
    }
}

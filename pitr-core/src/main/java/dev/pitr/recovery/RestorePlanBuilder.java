package dev.pitr.recovery;

/** Builds a {@link RestorePlan} from a catalogue and a target. Owner: recovery. */
public final class RestorePlanBuilder {
    private RestorePlanBuilder() {}
}

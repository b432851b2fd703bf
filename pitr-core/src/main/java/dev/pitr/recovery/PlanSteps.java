package dev.pitr.recovery;

/** To come. */
final class PlanSteps {
    private PlanSteps() {}

    static java.util.List<String> of(RestorePlan plan) {
        throw new UnsupportedOperationException();
    }
}

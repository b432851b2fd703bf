package dev.pitr.recovery;

/** To come. */
final class PlanText {
    private PlanText() {}

    static String print(RestorePlan plan) {
        throw new UnsupportedOperationException();
    }
}

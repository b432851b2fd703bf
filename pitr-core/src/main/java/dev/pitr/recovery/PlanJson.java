package dev.pitr.recovery;

/** To come. */
final class PlanJson {
    private PlanJson() {}

    static String print(RestorePlan plan) {
        throw new UnsupportedOperationException();
    }
}

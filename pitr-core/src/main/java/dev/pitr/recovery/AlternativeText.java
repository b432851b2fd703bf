package dev.pitr.recovery;

/** To come. */
final class AlternativeText {
    private AlternativeText() {}

    static String of(RestoreRequest request, RestorePlan plan) {
        throw new UnsupportedOperationException();
    }
}

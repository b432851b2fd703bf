package dev.pitr.recovery;

/** To come. */
final class RefusalText {
    private RefusalText() {}

    static RestoreRefusedException exception(RestoreRequest request, java.util.List<Refusal> refusals) {
        throw new UnsupportedOperationException();
    }
}

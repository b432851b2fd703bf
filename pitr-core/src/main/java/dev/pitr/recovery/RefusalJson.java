package dev.pitr.recovery;

/** To come. */
final class RefusalJson {
    private RefusalJson() {}

    static String print(RestoreRefusedException e) {
        throw new UnsupportedOperationException();
    }
}

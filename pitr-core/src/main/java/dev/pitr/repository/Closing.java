package dev.pitr.repository;

/** Closes what a failed call had opened. */
final class Closing {
    private Closing() {}

    /** Closes, and adds what that throws to the failure that is under way. */
    static void after(Exception failure, AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
    }
}

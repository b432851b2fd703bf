package dev.pitr.error;

/**
 * A job ended because its thread was interrupted.
 *
 * <p>What the job had not made durable is not visible in the repository. The interrupt status of the thread is set
 * again when this is thrown.
 */
public final class CancelledException extends PitrException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error; the caller restores the thread's interrupt status.
     *
     * @param job what was cancelled, as the start of a sentence, such as {@code "Backup 20261120T142642Z"}
     */
    public CancelledException(String job) {
        super("cancelled", job + " was cancelled: its thread was interrupted");
    }
}

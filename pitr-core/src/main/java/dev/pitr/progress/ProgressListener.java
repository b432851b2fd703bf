package dev.pitr.progress;

/**
 * Hears of the progress of a job.
 *
 * <p>Called from the job's own threads, one call at a time for one job, at most some ten times a second and once at
 * the start and the end of each phase. It must return quickly; what it throws fails the job.
 */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = progress -> {};

    /**
     * Takes one observation.
     *
     * @param progress the state of the job now
     */
    void onProgress(Progress progress);
}

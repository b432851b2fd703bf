package dev.pitr.gcs;

/**
 * A storage class: the colder, the cheaper to keep and the dearer to read. Objects of each are read at once, without a
 * thaw; one that is deleted or replaced before its least time is billed as if it had stayed.
 */
public enum GcsStorageClass {
    /** For what is read often. */
    STANDARD(0),
    /** For what is read once a month. */
    NEARLINE(30),
    /** For what is read once a quarter. */
    COLDLINE(90),
    /** For what is read once a year. */
    ARCHIVE(365);

    private final int leastDays;

    GcsStorageClass(int leastDays) {
        this.leastDays = leastDays;
    }

    /**
     * Returns for how long an object is billed at least.
     *
     * @return days, 0 or more
     */
    public int leastDays() {
        return leastDays;
    }
}

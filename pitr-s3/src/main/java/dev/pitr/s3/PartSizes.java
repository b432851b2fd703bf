package dev.pitr.s3;

/**
 * How large each part of an upload is. The first thousand have the size chosen; from there on a part is a thousandth of
 * what came before it, up to a gibibyte: so the 10,000 parts that S3 allows hold 5 TiB from the default size on, and an
 * upload takes no more memory than its size calls for.
 */
final class PartSizes {
    /** What S3 allows: no part but the last may be smaller. */
    static final long SMALLEST = 5L << 20;

    static final long LARGEST = 1L << 30;

    static final int MAX_PARTS = 10_000;

    private static final int SHARE = 1000;

    private PartSizes() {}

    /**
     * Returns the size of the next part.
     *
     * @param first the size chosen
     * @param before how many bytes earlier parts hold
     */
    static long next(long first, long before) {
        return Math.max(first, Math.min(LARGEST, before / SHARE));
    }
}

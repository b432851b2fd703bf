package dev.pitr.wal.record;

import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;

/**
 * Makes a segment's summary from its bytes as they stream by. Used by one thread, for one segment.
 *
 * <p>Never fails on damaged bytes: the summary's {@link RecordChain#end()} tells where records end and why. Memory is
 * bounded whatever the segment's size.
 */
public final class SegmentScan {
    private final WalSegment segment;
    private final PostgresVersion version;

    private SegmentScan(WalSegment segment, PostgresVersion version) {
        this.segment = segment;
        this.version = version;
    }

    /**
     * Starts a scan.
     *
     * @param segment whose bytes will come; its name isn't compared with them beyond their position
     * @param version the version that wrote it
     * @return the scan
     */
    public static SegmentScan of(WalSegment segment, PostgresVersion version) {
        return new SegmentScan(segment, version);
    }

    /**
     * Takes the next bytes of the segment.
     *
     * @param bytes where they are; not kept
     * @param offset the first of them
     * @param length how many, 0 or more
     * @return this
     */
    public SegmentScan feed(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException("scan of " + segment + " of " + version);
    }

    /**
     * Ends the scan. A file may be shorter than a segment.
     *
     * @return the summary of what was fed
     */
    public SegmentSummary finish() {
        throw new UnsupportedOperationException("scan of " + segment + " of " + version);
    }
}

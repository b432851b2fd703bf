package dev.pitr.repository;

import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.StorageException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.RecordChain;
import dev.pitr.wal.record.SegmentScan;
import dev.pitr.wal.record.SegmentSummary;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Summaries from the stored segments: from their headers, or from their bytes where a header has none. */
final class SegmentSummaries {
    private static final int CHUNK_BYTES = 128 << 10;

    private final WalStore wal;
    private final ClusterIdentity identity;

    SegmentSummaries(WalStore wal, ClusterIdentity identity) {
        this.wal = wal;
        this.identity = identity;
    }

    /** By a ranged read; empty if the segment was archived without a summary. */
    Optional<SegmentSummary> inHeader(WalSegment segment) {
        WalFileName file = new WalFileName.Segment(segment);
        WalHeader header = wal.header(file)
                .orElseThrow(() ->
                        new ObjectNotFoundException("Cannot read " + file.name() + ": it is not archived.", null));
        if (!header.name().equals(file.name())) {
            throw RepositoryException.corrupt(file.name(), "it holds " + header.name());
        }
        return header.summary();
    }

    /** By reading the segment. */
    SegmentSummary scan(WalSegment segment) {
        SegmentScan scan = SegmentScan.of(segment, identity.version());
        try (InputStream in = wal.open(new WalFileName.Segment(segment))) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = in.readNBytes(chunk, 0, CHUNK_BYTES);
                    count > 0;
                    count = in.readNBytes(chunk, 0, CHUNK_BYTES)) {
                scan.feed(chunk, 0, count);
            }
            return scan.finish();
        } catch (IOException e) {
            throw new StorageException("storage.failed", "Cannot read " + segment + ": " + e + ".", e);
        }
    }

    SegmentSummary read(WalSegment segment) {
        return inHeader(segment).orElseGet(() -> scan(segment));
    }

    /** See {@link StoredWalIndex#before}. */
    @Nullable
    SegmentSummary before(WalSegment segment, Function<WalSegment, SegmentSummary> reading) {
        Deque<SegmentSummary> back = new ArrayDeque<>();
        SegmentSummary earlier = find(segment.number() - 1, segment, reading);
        while (earlier != null) {
            back.push(earlier);
            earlier = isInsideOneRecord(earlier) ? find(earlier.segment().number() - 1, segment, reading) : null;
        }
        SegmentSummary joined = null;
        for (SegmentSummary next : back) {
            joined = joined == null ? next : next.joinedTo(joined);
        }
        return joined;
    }

    private static boolean isInsideOneRecord(SegmentSummary summary) {
        RecordChain.Head head = summary.chain().head();
        return head.kind() == RecordChain.Head.Kind.CONTINUATION && !head.isComplete();
    }

    private static @Nullable SegmentSummary find(
            long number, WalSegment like, Function<WalSegment, SegmentSummary> reading) {
        try {
            return number < 0 ? null : reading.apply(new WalSegment(like.timeline(), number, like.size()));
        } catch (ObjectNotFoundException e) {
            return null;
        }
    }
}

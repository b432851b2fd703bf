package dev.pitr.recovery;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentScan;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An index over segments in memory, as coarse as asked for; it counts what is opened. */
final class MadeIndex implements WalIndex {
    private final NavigableMap<WalSegment, byte[]> files;
    private final NavigableMap<WalSegment, SegmentSummary> summaries;
    private final NavigableMap<WalSegment, SegmentSummary> joined;
    private final int segmentsPerStretch;
    private final List<WalSegment> opened = new ArrayList<>();

    MadeIndex(int segmentsPerStretch) {
        this(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), segmentsPerStretch);
    }

    private MadeIndex(
            NavigableMap<WalSegment, byte[]> files,
            NavigableMap<WalSegment, SegmentSummary> summaries,
            NavigableMap<WalSegment, SegmentSummary> joined,
            int segmentsPerStretch) {
        this.files = files;
        this.summaries = summaries;
        this.joined = joined;
        this.segmentsPerStretch = segmentsPerStretch;
    }

    /** The same index, of which nothing was opened, with other stretches. */
    MadeIndex inStretchesOf(int segments) {
        return new MadeIndex(files, summaries, joined, segments);
    }

    MadeIndex add(WalSegment segment, byte[] bytes) {
        files.put(segment, bytes);
        summaries.put(
                segment,
                SegmentScan.of(segment, PostgresVersion.V18)
                        .feed(bytes, 0, bytes.length)
                        .finish());
        return this;
    }

    List<WalSegment> opened() {
        return opened;
    }

    @Override
    public Stream<StretchSummary> stretches(WalCoverage.Run run) {
        List<StretchSummary> result = new ArrayList<>();
        long size = Math.max(1, Math.min(segmentsPerStretch, run.length() / 2));
        for (long n = run.first().number(); n <= run.last().number(); n += size) {
            StretchSummary stretch = null;
            for (long i = n; i < n + size && i <= run.last().number(); i++) {
                StretchSummary one = joined(segment(run, i)).stretch();
                stretch = stretch == null ? one : stretch.followedBy(one);
            }
            result.add(stretch);
        }
        return result.stream();
    }

    @Override
    public Stream<SegmentSummary> summaries(WalCoverage.Run run) {
        List<SegmentSummary> result = new ArrayList<>();
        for (long n = run.first().number(); n <= run.last().number(); n++) {
            result.add(joined(segment(run, n)));
        }
        return result.stream();
    }

    private SegmentSummary joined(WalSegment segment) {
        SegmentSummary known = joined.get(segment);
        if (known == null) {
            WalSegment before = new WalSegment(segment.timeline(), segment.number() - 1, segment.size());
            SegmentSummary summary = summaries.get(segment);
            known = summaries.containsKey(before) ? summary.joinedTo(joined(before)) : summary;
            joined.put(segment, known);
        }
        return known;
    }

    private static WalSegment segment(WalCoverage.Run run, long number) {
        return new WalSegment(run.first().timeline(), number, run.first().size());
    }

    @Override
    public InputStream open(WalSegment segment) {
        opened.add(segment);
        return new ByteArrayInputStream(files.get(segment));
    }
}

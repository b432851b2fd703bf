package dev.pitr.catalog;

import dev.pitr.error.PitrException;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.io.InputStream;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An index in memory, for tools that keep their WAL elsewhere: filled with the summaries that a
 * {@link dev.pitr.wal.record.SegmentScan} makes of each file. Immutable.
 */
public final class InMemoryWalIndex implements WalIndex {
    private final NavigableMap<WalSegment, SegmentSummary> summaries;
    private final Function<WalSegment, InputStream> bytes;

    private InMemoryWalIndex(Builder builder) {
        summaries = joined(builder.summaries);
        bytes = builder.bytes == null ? InMemoryWalIndex::noBytes : builder.bytes;
    }

    private static NavigableMap<WalSegment, SegmentSummary> joined(NavigableMap<WalSegment, SegmentSummary> alone) {
        NavigableMap<WalSegment, SegmentSummary> joined = new TreeMap<>();
        SegmentSummary previous = null;
        for (SegmentSummary summary : alone.values()) {
            boolean follows = previous != null && previous.segment().next().equals(summary.segment());
            previous = follows && previous != null ? summary.joinedTo(previous) : summary;
            joined.put(previous.segment(), previous);
        }
        return Collections.unmodifiableNavigableMap(joined);
    }

    /**
     * Starts an empty index.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Stream<StretchSummary> stretches(WalCoverage.Run run) {
        return summaries(run).map(SegmentSummary::stretch);
    }

    @Override
    public Stream<SegmentSummary> summaries(WalCoverage.Run run) {
        return LongStream.rangeClosed(run.first().number(), run.last().number())
                .mapToObj(number -> find(new WalSegment(
                        run.first().timeline(), number, run.first().size())));
    }

    private SegmentSummary find(WalSegment segment) {
        SegmentSummary summary = summaries.get(segment);
        if (summary == null) {
            throw absent("the index has no summary of " + segment);
        }
        return summary;
    }

    @Override
    public InputStream open(WalSegment segment) {
        return bytes.apply(segment);
    }

    private static InputStream noBytes(WalSegment segment) {
        throw absent("the index was made without a way to open segments, such as " + segment);
    }

    private static PitrException absent(String reason) {
        return new PitrException("wal.not-indexed", "Cannot look into a segment: " + reason);
    }

    /** Collects summaries. Used by one thread. */
    public static final class Builder {
        private final NavigableMap<WalSegment, SegmentSummary> summaries = new TreeMap<>();
        private @Nullable Function<WalSegment, InputStream> bytes;

        private Builder() {}

        /**
         * Adds a segment, in any order.
         *
         * @param summary its summary, not joined
         * @return this
         */
        public Builder add(SegmentSummary summary) {
            summaries.put(summary.segment(), summary);
            return this;
        }

        /**
         * Says how segments are opened, for what a summary can't answer. Without it such questions fail with code
         * {@code wal.not-indexed}.
         *
         * @param opener gives a segment's uncompressed bytes
         * @return this
         */
        public Builder bytes(Function<WalSegment, InputStream> opener) {
            if (bytes != null) {
                throw new IllegalStateException("bytes is set twice");
            }
            bytes = opener;
            return this;
        }

        /**
         * Builds the index.
         *
         * @return the index
         */
        public InMemoryWalIndex build() {
            return new InMemoryWalIndex(this);
        }
    }
}

package dev.pitr.repository;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All WAL files of an incarnation, by listing. Files that aren't ours are passed over. */
record WalListing(WalCoverage coverage, SortedSet<WalSegment> partials, List<TimelineId> histories) {
    static WalListing read(ObjectStorage storage, ObjectKey incarnation, ClusterIdentity identity) {
        Collector collector = new Collector();
        String folder = RepositoryLayout.wal(incarnation);
        try (Stream<ObjectInfo> objects = storage.list(folder, "")) {
            objects.forEach(
                    object -> RepositoryLayout.walFile(object.key().value(), folder.length(), identity.segmentSize())
                            .ifPresent(file -> collector.add(file, object.sizeBytes())));
        }
        return collector.listing();
    }

    /**
     * Takes log ids that have a complete page from the index and lists only the rest: a listing begins anew behind each
     * unbroken stretch of such log ids. What is filed beside their folders is passed over with them: backup history files,
     * and partial segments, of which the whole ones exist.
     */
    static WalListing read(ObjectStorage storage, ObjectKey incarnation, ClusterIdentity identity, IndexView view) {
        Collector collector = new Collector();
        String folder = RepositoryLayout.wal(incarnation);
        String from = "";
        while (from != null) {
            from = readToIndexed(storage, folder, from, incarnation, identity, view, collector);
        }
        return collector.listing();
    }

    /** Lists up to the first segment that a page knows; returns where to go on, null at the end. */
    private static @Nullable String readToIndexed(
            ObjectStorage storage,
            String folder,
            String from,
            ObjectKey incarnation,
            ClusterIdentity identity,
            IndexView view,
            Collector collector) {
        try (Stream<ObjectInfo> objects = storage.list(folder, from)) {
            for (Iterator<ObjectInfo> each = objects.iterator(); each.hasNext(); ) {
                ObjectInfo object = each.next();
                Optional<WalFileName> file =
                        RepositoryLayout.walFile(object.key().value(), folder.length(), identity.segmentSize());
                if (file.isPresent() && file.get() instanceof WalFileName.Segment segment) {
                    LogId next = collector.addIndexed(LogId.of(segment.segment()), view);
                    if (next != null) {
                        return RepositoryLayout.segmentFolder(incarnation, next);
                    }
                }
                file.ifPresent(name -> collector.add(name, object.sizeBytes()));
            }
        }
        return null;
    }

    private static final class Collector {
        private final WalCoverage.Builder coverage = WalCoverage.builder();
        private final SortedSet<WalSegment> partials = new TreeSet<>();
        private final SortedSet<TimelineId> histories = new TreeSet<>();

        WalListing listing() {
            return new WalListing(coverage.build(), partials, histories.stream().toList());
        }

        void add(WalFileName file, long sizeBytes) {
            if (file instanceof WalFileName.Segment segment) {
                coverage.add(segment.segment(), sizeBytes);
            } else if (file instanceof WalFileName.Partial partial) {
                partials.add(partial.segment());
            } else if (file instanceof WalFileName.History history) {
                histories.add(history.timeline());
            }
        }

        /** Adds the log ids with complete pages from this one on; returns the first without, null if this is one. */
        @Nullable
        LogId addIndexed(LogId first, IndexView view) {
            LogId logId = first;
            for (int[] sizes = sizes(logId, view); sizes != null; sizes = sizes(logId, view)) {
                long number = logId.first().number();
                for (int size : sizes) {
                    coverage.add(new WalSegment(logId.timeline(), number++, logId.size()), size);
                }
                logId = new LogId(logId.timeline(), logId.number() + 1, logId.size());
            }
            return logId.equals(first) ? null : logId;
        }

        private static int @Nullable [] sizes(LogId logId, IndexView view) {
            return view.completeSizes(logId).orElse(null);
        }
    }
}

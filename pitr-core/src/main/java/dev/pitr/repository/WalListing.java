package dev.pitr.repository;

import dev.pitr.catalog.WalCoverage;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All WAL files of an incarnation, by one listing. Files that aren't ours are passed over. */
record WalListing(WalCoverage coverage, SortedSet<WalSegment> partials, List<TimelineId> histories) {
    static WalListing read(ObjectStorage storage, ObjectKey incarnation, ClusterIdentity identity) {
        Collector collector = new Collector();
        String folder = RepositoryLayout.wal(incarnation);
        try (Stream<ObjectInfo> objects = storage.list(folder, "")) {
            objects.forEach(
                    object -> RepositoryLayout.walFile(object.key().value(), folder.length(), identity.segmentSize())
                            .ifPresent(file -> collector.add(file, object.sizeBytes())));
        }
        return new WalListing(
                collector.coverage.build(),
                collector.partials,
                collector.histories.stream().toList());
    }

    private static final class Collector {
        private final WalCoverage.Builder coverage = WalCoverage.builder();
        private final SortedSet<WalSegment> partials = new TreeSet<>();
        private final SortedSet<TimelineId> histories = new TreeSet<>();

        void add(WalFileName file, long sizeBytes) {
            if (file instanceof WalFileName.Segment segment) {
                coverage.add(segment.segment(), sizeBytes);
            } else if (file instanceof WalFileName.Partial partial) {
                partials.add(partial.segment());
            } else if (file instanceof WalFileName.History history) {
                histories.add(history.timeline());
            }
        }
    }
}

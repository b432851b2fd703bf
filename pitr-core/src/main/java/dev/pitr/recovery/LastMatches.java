package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The last segment of each path in which a target may be met, found once for all backups: one that starts later needn't be
 * tried. For a transaction or a name segment by segment, for a time only by the coarsest stretches, since most of what is
 * behind a time meets it.
 */
final class LastMatches {
    private final Catalogue catalogue;
    private final WalIndex index;
    private final WalSegmentSize size;
    private final Map<RecoveryTarget, Map<TimelineId, Long>> found = new HashMap<>();

    LastMatches(Catalogue catalogue, WalIndex index) {
        this.catalogue = catalogue;
        this.index = index;
        this.size = catalogue.identity().segmentSize();
    }

    /** The segment's number, -1 if there is certainly no match. */
    long of(RecoveryTarget target, TimelineId timeline, TimelinePath path) {
        boolean isSought = target instanceof RecoveryTarget.Xid
                || target instanceof RecoveryTarget.Name
                || target instanceof RecoveryTarget.Time;
        return isSought
                ? found.computeIfAbsent(target, any -> new HashMap<>())
                        .computeIfAbsent(timeline, any -> search(target, path))
                : Long.MAX_VALUE;
    }

    private long search(RecoveryTarget target, TimelinePath path) {
        long first = catalogue.backups().stream()
                .map(Backup::startLsn)
                .mapToLong(size::segmentNumber)
                .min()
                .orElse(0);
        long last = -1;
        for (WalCoverage.Run run : path.archived(first, path.lastArchived(first).orElse(first - 1))) {
            last = Math.max(last, lastIn(run, target, path));
        }
        return last;
    }

    /** What is damaged may have held it. */
    private static boolean isSound(StretchSummary stretch) {
        return stretch.chain().brokenAt().isEmpty()
                && stretch.chain().end().kind().canContinue();
    }

    /** At a fork a record may straddle in from the parent's segment: then its summary doesn't tell. */
    private long lastIn(WalCoverage.Run run, RecoveryTarget target, TimelinePath path) {
        StopTest test = target.accept(new StopTests(run.first().start()));
        long start = run.first().number();
        long last = path.changesTimelineAt(start) ? start : -1;
        if (target instanceof RecoveryTarget.Time) {
            try (Stream<StretchSummary> stretches = index.stretches(run)) {
                return stretches
                        .filter(stretch -> test.mayMeet(stretch) || !isSound(stretch))
                        .mapToLong(stretch -> stretch.last().number())
                        .reduce(last, (earlier, later) -> later);
            }
        }
        try (Stream<SegmentSummary> summaries =
                index.summaries(run, stretch -> test.mayMeet(stretch) || !isSound(stretch))) {
            return summaries.mapToLong(summary -> summary.segment().number()).reduce(last, (earlier, later) -> later);
        }
    }
}

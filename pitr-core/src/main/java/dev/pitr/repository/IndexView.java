package dev.pitr.repository;

import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Function;

/**
 * An index as it was when it was first asked, with what was read of it lately. Thread-safe; two threads may read the same
 * object at once.
 */
final class IndexView {
    private static final int ROLLUPS = 4;
    private static final int ROLLUP_HEADS = 64;
    private static final int PAGES = 256;
    private static final int FULL_PAGES = 2;

    private final IndexPages pages;
    private final Map<LogId, Optional<RollupHead>> heads = recent(ROLLUP_HEADS);
    private final Map<LogId, Optional<NavigableMap<LogId, PageSummary>>> rollups = recent(ROLLUPS);
    private final Map<LogId, Optional<PageSummary>> summaries = recent(PAGES);
    private final Map<LogId, Optional<NavigableMap<Long, SegmentSummary>>> segments = recent(FULL_PAGES);
    private final IndexListing listing;

    IndexView(IndexPages pages) {
        this.pages = pages;
        this.listing = pages.list();
    }

    private static <K, V> Map<K, V> recent(int max) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        };
    }

    IndexListing listing() {
        return listing;
    }

    /** What a group's roll-up says in its header. Of its pages only those count that still exist. */
    Optional<RollupHead> head(LogId group) {
        return listing.rollups().contains(group) ? load(heads, group, pages::rollupHead) : Optional.empty();
    }

    /** What all segments of a group say together; empty unless all its pages exist and are rolled up. */
    Optional<StretchSummary> whole(LogId group) {
        LogId after = new LogId(group.timeline(), group.number() + LogId.GROUP, group.size());
        return listing.complete().subSet(group, after).size() == LogId.GROUP
                ? head(group).flatMap(RollupHead::whole)
                : Optional.empty();
    }

    /** The stored sizes of the segments of a log id that has a complete page; empty if it has none that can be read. */
    Optional<int[]> completeSizes(LogId logId) {
        if (!listing.complete().contains(logId)) {
            return Optional.empty();
        }
        Optional<int[]> rolledUp =
                head(logId.group()).map(head -> head.storedSizes().get(logId));
        return rolledUp.isPresent()
                ? rolledUp
                : page(logId)
                        .filter(PageSummary::isComplete)
                        .map(page -> page.runs().get(0).storedSizes());
    }

    /** The pages of a group's roll-up, by log id; empty if there is none. */
    NavigableMap<LogId, PageSummary> rollup(LogId group) {
        if (!listing.rollups().contains(group)) {
            return Collections.emptyNavigableMap();
        }
        return load(rollups, group, pages::rollup).orElseGet(Collections::emptyNavigableMap);
    }

    /** What a page says in short, from a roll-up if one has it. Who removes segments removes their page before. */
    Optional<PageSummary> page(LogId logId) {
        if (listing.complete().contains(logId)) {
            PageSummary rolledUp = rollup(logId.group()).get(logId);
            if (rolledUp != null) {
                return Optional.of(rolledUp);
            }
            Optional<PageSummary> complete = load(summaries, logId, pages::completePage);
            if (complete.isPresent()) {
                return complete;
            }
        }
        return listing.open().contains(logId) ? load(summaries, logId, pages::openPage) : Optional.empty();
    }

    /** The summaries of a page's segments, by number, not joined. */
    NavigableMap<Long, SegmentSummary> segments(LogId logId) {
        return load(segments, logId, this::readSegments).orElseGet(Collections::emptyNavigableMap);
    }

    private Optional<NavigableMap<Long, SegmentSummary>> readSegments(LogId logId) {
        Optional<NavigableMap<Long, SegmentSummary>> complete =
                listing.complete().contains(logId) ? pages.segments(logId, true) : Optional.empty();
        return complete.isPresent() || !listing.open().contains(logId) ? complete : pages.segments(logId, false);
    }

    private static <K, V> V load(Map<K, V> recent, K key, Function<K, V> reading) {
        synchronized (recent) {
            V known = recent.get(key);
            if (known != null) {
                return known;
            }
        }
        V read = reading.apply(key);
        synchronized (recent) {
            recent.put(key, read);
        }
        return read;
    }
}

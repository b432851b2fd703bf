package dev.pitr.repository;

import dev.pitr.error.PitrException;
import dev.pitr.storage.Content;
import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.UnknownOutcomeException;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the objects of an incarnation's index. What can't be read, because it is damaged or of a later kind, or
 * was removed meanwhile, counts as absent: everything in the index can be had from the segments themselves.
 */
final class IndexPages {
    private static final Logger LOG = LoggerFactory.getLogger(IndexPages.class);
    private static final int ATTEMPTS = 3;

    /** Headers of common size are read at once. */
    private static final int PAGE_HEAD_BYTES = 64 << 10;

    private static final int ROLLUP_HEAD_BYTES = 1 << 20;

    private final ObjectStorage storage;
    private final ObjectKey incarnation;
    private final ClusterIdentity identity;

    IndexPages(ObjectStorage storage, ObjectKey incarnation, ClusterIdentity identity) {
        this.storage = storage;
        this.incarnation = incarnation;
        this.identity = identity;
    }

    IndexListing list() {
        return IndexListing.read(storage, incarnation, identity.segmentSize());
    }

    Optional<PageSummary> completePage(LogId logId) {
        return pageSummary(RepositoryLayout.completePage(incarnation, logId), logId)
                .filter(PageSummary::isComplete);
    }

    Optional<PageSummary> openPage(LogId logId) {
        return pageSummary(RepositoryLayout.openPage(incarnation, logId), logId);
    }

    private Optional<PageSummary> pageSummary(ObjectKey key, LogId logId) {
        return find(
                () -> PageSummary.read(requireIdentity(IndexContainer.header(storage, key, PAGE_HEAD_BYTES)), logId));
    }

    /** The summaries of a page's segments, by number, not joined. */
    Optional<NavigableMap<Long, SegmentSummary>> segments(LogId logId, boolean isComplete) {
        ObjectKey key = isComplete
                ? RepositoryLayout.completePage(incarnation, logId)
                : RepositoryLayout.openPage(incarnation, logId);
        return find(() -> {
            NavigableMap<Long, SegmentSummary> segments = new TreeMap<>();
            IndexContainer.read(storage, key, line -> {
                WalSegment segment = line.parsed("segment", name -> WalSegment.parse(name, identity.segmentSize()));
                if (!LogId.of(segment).equals(logId)) {
                    throw RepositoryException.corrupt(line.where(), segment + " is not of log id " + logId);
                }
                segments.put(segment.number(), SummaryReader.segment(line, segment));
            });
            return segments;
        });
    }

    Optional<RollupHead> rollupHead(LogId group) {
        ObjectKey key = RepositoryLayout.rollup(incarnation, group);
        return find(
                () -> RollupHead.read(requireIdentity(IndexContainer.header(storage, key, ROLLUP_HEAD_BYTES)), group));
    }

    /** The complete pages that a roll-up sums up, by log id. */
    Optional<NavigableMap<LogId, PageSummary>> rollup(LogId group) {
        ObjectKey key = RepositoryLayout.rollup(incarnation, group);
        return find(() -> {
            NavigableMap<LogId, PageSummary> pages = new TreeMap<>();
            IndexContainer.read(storage, key, line -> {
                LogId logId = RollupHead.requireMember(line, group);
                PageSummary page = PageSummary.read(line, logId);
                if (page.isComplete()) {
                    pages.put(logId, page);
                }
            });
            return pages;
        });
    }

    private JsonObject requireIdentity(JsonObject header) {
        ClusterIdentity found = IdentityJson.read(header);
        if (!found.equals(identity)) {
            throw RepositoryException.corrupt(header.where(), "it is of " + found + ", expected " + identity);
        }
        return header;
    }

    private static <T> Optional<T> find(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        } catch (PitrException e) {
            Damage.requireDamage(e);
            LOG.warn("Going on without a part of the index, until it is built again: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Writes a page.
     *
     * @param segments the segments' summaries and, at the same places, their stored sizes
     * @param isReplacing whether a complete page that can't be read lies there
     */
    PageSummary write(LogId logId, List<SegmentSummary> segments, Map<Long, Integer> sizes, boolean isReplacing) {
        PageSummary page = summarize(logId, segments, sizes);
        byte[] bytes = IndexContainer.write(
                json -> {
                    IdentityJson.write(json, identity);
                    page.write(json);
                },
                segments.stream().map(IndexPages::line).toList());
        ObjectKey open = RepositoryLayout.openPage(incarnation, logId);
        if (!page.isComplete()) {
            put(open, bytes);
            return page;
        }
        ObjectKey complete = RepositoryLayout.completePage(incarnation, logId);
        if (isReplacing) {
            put(complete, bytes);
        } else {
            create(complete, bytes);
        }
        storage.delete(List.of(open));
        return page;
    }

    private static PageSummary summarize(LogId logId, List<SegmentSummary> segments, Map<Long, Integer> sizes) {
        List<IndexedRun> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= segments.size(); i++) {
            boolean isEnd = i == segments.size()
                    || segments.get(i).segment().number()
                            != segments.get(i - 1).segment().number() + 1;
            if (isEnd) {
                List<SegmentSummary> run = segments.subList(start, i);
                runs.add(IndexedRun.of(
                        run,
                        run.stream()
                                .mapToInt(summary -> sizes.get(summary.segment().number()))
                                .toArray()));
                start = i;
            }
        }
        return new PageSummary(logId, runs);
    }

    private static byte[] line(SegmentSummary summary) {
        return PartIndex.line(json -> {
            json.writeStringField("segment", summary.segment().name());
            new SummaryWriter(json).segment(summary);
        });
    }

    /** Writes the roll-up of a group, in place of one that knew fewer pages. */
    void write(LogId group, List<PageSummary> pages) {
        RollupHead head = RollupHead.of(pages);
        put(
                RepositoryLayout.rollup(incarnation, group),
                IndexContainer.write(
                        json -> {
                            IdentityJson.write(json, identity);
                            head.write(json, group);
                        },
                        pages.stream().map(page -> PartIndex.line(page::write)).toList()));
    }

    /** What is derived from the same segments is the same, whoever writes it: so the last one may win. */
    private void put(ObjectKey key, byte[] bytes) {
        for (int attempt = 1; ; attempt++) {
            try {
                storage.put(key, Content.of(bytes));
                return;
            } catch (UnknownOutcomeException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void create(ObjectKey key, byte[] bytes) {
        try {
            StoredJson.create(storage, key, bytes);
        } catch (ObjectExistsException e) {
            // Another builder was faster. It saw the same segments: all that there can be.
            LOG.debug("{} was written meanwhile", key);
        }
    }
}

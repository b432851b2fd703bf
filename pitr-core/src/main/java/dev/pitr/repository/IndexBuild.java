package dev.pitr.repository;

import dev.pitr.catalog.Unreadable;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.progress.Progress;
import dev.pitr.progress.ProgressListener;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One run of the builder of an index, page by page. For one thread. */
final class IndexBuild {
    private static final String PHASE = "indexing WAL";

    private final IndexPages pages;
    private final IndexView view;
    private final SegmentSummaries segments;
    private final ProgressListener listener;
    private final WalCoverage present;
    private final NavigableMap<LogId, PageSummary> written = new TreeMap<>();
    private final List<Unreadable> unreadable = new ArrayList<>();
    private long totalBytes;
    private long doneBytes;
    private long added;
    private long scanned;
    private int completePages;
    private int openPages;
    private int rollups;

    IndexBuild(WalStore wal, IndexPages pages, SegmentSummaries segments, ProgressListener listener) {
        this.pages = pages;
        this.view = new IndexView(pages);
        this.segments = segments;
        this.listener = listener;
        this.present = wal.indexedCoverage(view);
    }

    IndexReport run() {
        List<LogId> stale = new ArrayList<>();
        for (TimelineId timeline : present.timelines()) {
            addStale(timeline, stale);
        }
        report(0);
        for (LogId logId : stale) {
            requireNotInterrupted();
            writePage(logId);
        }
        writeRollups();
        report(0);
        return new IndexReport(added, scanned, completePages, openPages, rollups, unreadable);
    }

    /** Log ids whose page is missing, or knows other segments than there are. */
    private void addStale(TimelineId timeline, List<LogId> stale) {
        for (WalCoverage.Run run : present.runs(timeline)) {
            LogId last = LogId.of(run.last());
            for (LogId logId = LogId.of(run.first()); logId.compareTo(last) <= 0; logId = next(logId)) {
                boolean isNew = stale.isEmpty() || !stale.get(stale.size() - 1).equals(logId);
                if (isNew && !isUpToDate(logId)) {
                    stale.add(logId);
                    totalBytes += (long) presentIn(logId).size() * logId.size().bytes();
                }
            }
        }
    }

    private static LogId next(LogId logId) {
        return new LogId(logId.timeline(), logId.number() + 1, logId.size());
    }

    private boolean isUpToDate(LogId logId) {
        if (view.completeSizes(logId).isPresent()) {
            return true;
        }
        Optional<PageSummary> page = view.page(logId);
        if (page.isEmpty()) {
            return false;
        }
        List<WalSegment> here = presentIn(logId);
        return here.size() == page.get().segments()
                && here.stream().allMatch(segment -> page.get().contains(segment.number()));
    }

    private List<WalSegment> presentIn(LogId logId) {
        List<WalSegment> here = new ArrayList<>();
        for (long number = logId.first().number(); number <= logId.last().number(); number++) {
            WalSegment segment = new WalSegment(logId.timeline(), number, logId.size());
            if (present.contains(segment)) {
                here.add(segment);
            }
        }
        return here;
    }

    private void writePage(LogId logId) {
        NavigableMap<Long, SegmentSummary> known = view.segments(logId);
        List<SegmentSummary> summaries = new ArrayList<>();
        Map<Long, Integer> sizes = new HashMap<>();
        long addedBefore = added;
        for (WalSegment segment : presentIn(logId)) {
            requireNotInterrupted();
            SegmentSummary summary = known.get(segment.number());
            Optional<SegmentSummary> found = summary != null ? Optional.of(summary) : read(segment);
            OptionalLong size = present.storedSizeBytes(segment);
            if (found.isPresent() && size.isPresent()) {
                summaries.add(found.get());
                sizes.put(segment.number(), (int) size.getAsLong());
            }
            report(segment.size().bytes());
        }
        boolean isReplacing = view.listing().complete().contains(logId);
        if (!summaries.isEmpty() && (added > addedBefore || isReplacing || known.size() > summaries.size())) {
            PageSummary page = pages.write(logId, summaries, sizes, isReplacing);
            completePages += page.isComplete() ? 1 : 0;
            openPages += page.isComplete() ? 0 : 1;
            if (page.isComplete()) {
                written.put(logId, page);
            }
        }
    }

    /** A segment that can't be read is left out, so that its page stays open; one that is gone meanwhile too. */
    private Optional<SegmentSummary> read(WalSegment segment) {
        try {
            Optional<SegmentSummary> inHeader = segments.inHeader(segment);
            if (inHeader.isEmpty()) {
                scanned++;
            }
            SegmentSummary summary = inHeader.isPresent() ? inHeader.get() : segments.scan(segment);
            added++;
            return Optional.of(summary);
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        } catch (PitrException e) {
            Damage.requireDamage(e);
            unreadable.add(new Unreadable(
                    Unreadable.Kind.WAL_SEGMENT, segment.name(), e.code(), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private void writeRollups() {
        TreeSet<LogId> groups = new TreeSet<>();
        view.listing().complete().forEach(logId -> groups.add(logId.group()));
        written.keySet().forEach(logId -> groups.add(logId.group()));
        for (LogId group : groups) {
            requireNotInterrupted();
            writeRollup(group);
        }
    }

    private void writeRollup(LogId group) {
        LogId after = new LogId(group.timeline(), group.number() + LogId.GROUP, group.size());
        TreeSet<LogId> complete = new TreeSet<>(view.listing().complete().subSet(group, after));
        complete.addAll(written.subMap(group, after).keySet());
        Set<LogId> rolledUp =
                view.head(group).map(head -> head.storedSizes().keySet()).orElse(Set.of());
        if (rolledUp.containsAll(complete)) {
            return;
        }
        List<PageSummary> all = new ArrayList<>();
        for (LogId logId : complete) {
            PageSummary page = written.get(logId);
            Optional<PageSummary> found = page != null ? Optional.of(page) : view.page(logId);
            found.filter(PageSummary::isComplete).ifPresent(all::add);
        }
        if (all.size() > rolledUp.size()) {
            pages.write(group, all);
            rollups++;
        }
    }

    private void report(int bytes) {
        long before = doneBytes;
        doneBytes += bytes;
        // At most some hundred observations of a page.
        if (bytes == 0 || before >> 26 != doneBytes >> 26) {
            listener.onProgress(new Progress(PHASE, doneBytes, OptionalLong.of(totalBytes)));
        }
    }

    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancelledException("Building the index");
        }
    }
}

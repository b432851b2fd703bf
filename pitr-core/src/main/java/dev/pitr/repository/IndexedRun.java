package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StretchSummary;
import java.io.IOException;
import java.util.List;

/**
 * An unbroken run of segments of one log id, as the index tells of it.
 *
 * @param stretch what they say together, not joined to the segment before
 * @param storedSizes for each its stored size in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IndexedRun(StretchSummary stretch, int[] storedSizes) {
    static IndexedRun of(List<SegmentSummary> summaries, int[] storedSizes) {
        return new IndexedRun(
                summaries.stream()
                        .map(SegmentSummary::stretch)
                        .reduce(StretchSummary::followedBy)
                        .orElseThrow(),
                storedSizes);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("first", stretch.first().name());
        json.writeStringField("last", stretch.last().name());
        json.writeStringField("stored-sizes", StoredSizes.print(storedSizes));
        new SummaryWriter(json).stretch(stretch);
    }

    static IndexedRun read(JsonObject json, LogId page) {
        WalSegment first = json.parsed("first", name -> WalSegment.parse(name, page.size()));
        WalSegment last = json.parsed("last", name -> WalSegment.parse(name, page.size()));
        if (!LogId.of(first).equals(page) || !LogId.of(last).equals(page) || first.compareTo(last) > 0) {
            throw RepositoryException.corrupt(json.where(), first + " to " + last + " is no run of log id " + page);
        }
        int[] sizes = json.parsed("stored-sizes", StoredSizes::parse);
        if (sizes.length != last.number() - first.number() + 1) {
            throw RepositoryException.corrupt(
                    json.where(), "it has " + sizes.length + " sizes of segments " + first + " to " + last);
        }
        return new IndexedRun(SummaryReader.stretch(json, first, last), sizes);
    }
}

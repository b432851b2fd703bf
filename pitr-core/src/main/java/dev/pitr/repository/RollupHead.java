package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.record.StretchSummary;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the header of a roll-up says: enough for those who only want to know which segments there are, or what all of them
 * say together.
 *
 * @param storedSizes for each page that it sums up the stored sizes of the log id's segments
 * @param whole what all segments of the group say together, not joined to the one before; empty unless all pages are here
 */
record RollupHead(NavigableMap<LogId, int[]> storedSizes, Optional<StretchSummary> whole) {
    RollupHead {
        storedSizes = Collections.unmodifiableNavigableMap(storedSizes);
    }

    static RollupHead of(List<PageSummary> pages) {
        NavigableMap<LogId, int[]> sizes = new TreeMap<>();
        pages.forEach(page -> sizes.put(page.logId(), page.runs().get(0).storedSizes()));
        Optional<StretchSummary> whole = pages.size() == LogId.GROUP
                ? pages.stream().map(page -> page.runs().get(0).stretch()).reduce(StretchSummary::followedBy)
                : Optional.empty();
        return new RollupHead(sizes, whole);
    }

    void write(JsonGenerator json, LogId group) throws IOException {
        json.writeStringField("first-log-id", group.name());
        json.writeArrayFieldStart("pages");
        for (LogId logId : storedSizes.keySet()) {
            json.writeStartObject();
            json.writeStringField("log-id", logId.name());
            json.writeStringField("stored-sizes", StoredSizes.print(storedSizes.get(logId)));
            json.writeEndObject();
        }
        json.writeEndArray();
        if (whole.isPresent()) {
            json.writeObjectFieldStart("whole");
            new SummaryWriter(json).stretch(whole.get());
            json.writeEndObject();
        }
    }

    static RollupHead read(JsonObject json, LogId group) {
        NavigableMap<LogId, int[]> sizes = new TreeMap<>();
        for (JsonObject page : json.objects("pages")) {
            LogId logId = requireMember(page, group);
            int[] stored = page.parsed("stored-sizes", StoredSizes::parse);
            if (stored.length != logId.last().number() - logId.first().number() + 1) {
                throw RepositoryException.corrupt(
                        json.where(), "it has " + stored.length + " sizes of the segments of log id " + logId);
            }
            sizes.put(logId, stored);
        }
        Optional<StretchSummary> whole = json.has("whole") && sizes.size() == LogId.GROUP
                ? Optional.of(SummaryReader.stretch(
                        json.object("whole"),
                        sizes.firstKey().first(),
                        sizes.lastKey().last()))
                : Optional.empty();
        return new RollupHead(sizes, whole);
    }

    /** The log id that a part of a roll-up is of. */
    static LogId requireMember(JsonObject json, LogId group) {
        return LogId.parse(json.text("log-id"), group.size())
                .filter(found -> found.group().equals(group))
                .orElseThrow(() -> RepositoryException.corrupt(
                        json.where(), json.text("log-id") + " is not of the group of " + group));
    }
}

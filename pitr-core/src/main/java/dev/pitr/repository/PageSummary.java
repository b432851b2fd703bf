package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.record.StretchSummary;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a page of the index says in short: its runs, without the segments' own summaries.
 *
 * @param logId whose page it is
 * @param runs the unbroken runs of segments that it knows, in order
 */
record PageSummary(LogId logId, List<IndexedRun> runs) {
    PageSummary {
        runs = List.copyOf(runs);
    }

    /** Whether all segments of the log id are there, so that none can come any more. */
    boolean isComplete() {
        return runs.size() == 1 && isWhole(runs.get(0).stretch());
    }

    private boolean isWhole(StretchSummary stretch) {
        return stretch.first().equals(logId.first()) && stretch.last().equals(logId.last());
    }

    /** The run that begins with a segment of this number. */
    Optional<IndexedRun> runFrom(long number) {
        return runs.stream()
                .filter(run -> run.stretch().first().number() == number)
                .findFirst();
    }

    boolean contains(long number) {
        return runs.stream()
                .map(IndexedRun::stretch)
                .anyMatch(stretch -> stretch.first().number() <= number
                        && number <= stretch.last().number());
    }

    long segments() {
        return runs.stream().mapToLong(run -> run.stretch().length()).sum();
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("log-id", logId.name());
        json.writeArrayFieldStart("runs");
        for (IndexedRun run : runs) {
            json.writeStartObject();
            run.write(json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static PageSummary read(JsonObject json, LogId expected) {
        if (!json.text("log-id").equals(expected.name())) {
            throw RepositoryException.corrupt(
                    json.where(), "it is of log id " + json.text("log-id") + ", expected " + expected);
        }
        return new PageSummary(
                expected,
                json.objects("runs").stream()
                        .map(run -> IndexedRun.read(run, expected))
                        .toList());
    }
}

package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.KeptRecord;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.RecordChain;
import dev.pitr.wal.record.RecordFragment;
import dev.pitr.wal.record.RelationChanges;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopStatistics;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.TimedPoint;
import java.io.IOException;
import java.util.Optional;

/** Writes summaries of segments and stretches as fields of a JSON object that is open; {@link SummaryReader} reads them. */
final class SummaryWriter {
    private final JsonGenerator json;

    SummaryWriter(JsonGenerator json) {
        this.json = json;
    }

    void segment(SegmentSummary summary) throws IOException {
        stretch(summary.stretch());
        json.writeArrayFieldStart("records");
        for (KeptRecord record : summary.records()) {
            json.writeStartObject();
            lsn("start", record.start());
            lsn("end", record.end());
            json.writeBinaryField("bytes", record.bytes());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("changes");
        for (RelationChanges changes : summary.changes()) {
            json.writeString(changes.xid() + " " + changes.relation() + " " + text(changes.rows()));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("cut");
        for (SegmentSummary.Part part : summary.cut()) {
            json.writeString(JsonNames.of(part));
        }
        json.writeEndArray();
    }

    void stretch(StretchSummary stretch) throws IOException {
        stops(stretch.stops());
        json.writeObjectFieldStart("occurrences");
        for (Occurrence occurrence : Occurrence.values()) {
            if (stretch.count(occurrence) > 0) {
                json.writeNumberField(JsonNames.of(occurrence), stretch.count(occurrence));
            }
        }
        json.writeEndObject();
        json.writeStringField("rows", text(stretch.rows()));
        if (stretch.lastTimed().isPresent()) {
            TimedPoint timed = stretch.lastTimed().get();
            json.writeObjectFieldStart("last-timed");
            lsn("start", timed.start());
            lsn("end", timed.end());
            json.writeStringField("time", timed.time().toString());
            json.writeEndObject();
        }
        if (stretch.leastWalLevel().isPresent()) {
            json.writeStringField(
                    "least-wal-level", JsonNames.of(stretch.leastWalLevel().get()));
        }
        chain(stretch.chain());
    }

    private static String text(RowCounts rows) {
        return rows.inserted() + " " + rows.updated() + " " + rows.deleted();
    }

    private void stops(StopStatistics stops) throws IOException {
        json.writeObjectFieldStart("stops");
        json.writeNumberField("count", stops.count());
        if (stops.count() > 0) {
            json.writeStringField("least-time", stops.leastTime().orElseThrow().toString());
            json.writeStringField(
                    "greatest-time", stops.greatestTime().orElseThrow().toString());
            json.writeNumberField("least-xid", stops.leastXid().orElseThrow());
            json.writeNumberField("greatest-xid", stops.greatestXid().orElseThrow());
            stop("first", stops.first());
            stop("last", stops.last());
            stop("first-commit", stops.firstCommit());
            stop("last-commit", stops.lastCommit());
        }
        json.writeEndObject();
    }

    private void stop(String field, Optional<StopPoint> point) throws IOException {
        if (point.isPresent()) {
            json.writeObjectFieldStart(field);
            json.writeStringField("kind", JsonNames.of(point.get().kind()));
            lsn("start", point.get().start());
            lsn("end", point.get().end());
            json.writeNumberField("xid", point.get().xid());
            json.writeStringField("time", point.get().time().toString());
            json.writeEndObject();
        }
    }

    private void chain(RecordChain chain) throws IOException {
        json.writeObjectFieldStart("chain");
        json.writeNumberField("major", chain.version().major());
        head(chain.head());
        if (chain.first().isPresent() && chain.last().isPresent()) {
            json.writeObjectFieldStart("first");
            lsn("start", chain.first().get().start());
            lsn("previous", chain.first().get().previous());
            json.writeEndObject();
            json.writeObjectFieldStart("last");
            lsn("start", chain.last().get().start());
            lsn("end", chain.last().get().end());
            json.writeEndObject();
        }
        if (chain.tail().isPresent()) {
            json.writeObjectFieldStart("tail");
            lsn("start", chain.tail().get().start());
            fragment(chain.tail().get().fragment());
            json.writeEndObject();
        }
        if (chain.brokenAt().isPresent()) {
            lsn("broken-at", chain.brokenAt().get());
        }
        json.writeObjectFieldStart("end");
        json.writeStringField("kind", JsonNames.of(chain.end().kind()));
        lsn("lsn", chain.end().lsn());
        json.writeStringField("reason", chain.end().reason());
        json.writeEndObject();
        json.writeEndObject();
    }

    private void head(RecordChain.Head head) throws IOException {
        json.writeObjectFieldStart("head");
        json.writeStringField("kind", JsonNames.of(head.kind()));
        lsn("page", head.page());
        lsn("end", head.end());
        json.writeNumberField("remaining-length", head.length());
        fragment(head.fragment());
        json.writeEndObject();
    }

    private void fragment(RecordFragment fragment) throws IOException {
        json.writeNumberField("length", fragment.length());
        if (fragment.crc().isPresent()) {
            json.writeNumberField(
                    "crc32c", Integer.toUnsignedLong(fragment.crc().getAsInt()));
        }
        json.writeBinaryField("prefix", fragment.prefix());
        json.writeBinaryField("suffix", fragment.suffix());
    }

    private void lsn(String field, Lsn value) throws IOException {
        json.writeStringField(field, value.toString());
    }
}

package dev.pitr.repository;

import dev.pitr.error.PitrException;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.KeptRecord;
import dev.pitr.wal.record.Occurrence;
import dev.pitr.wal.record.RecordChain;
import dev.pitr.wal.record.RecordFragment;
import dev.pitr.wal.record.RelationChanges;
import dev.pitr.wal.record.RelationFile;
import dev.pitr.wal.record.RowCounts;
import dev.pitr.wal.record.SegmentSummary;
import dev.pitr.wal.record.StopPoint;
import dev.pitr.wal.record.StopRecord;
import dev.pitr.wal.record.StopStatistics;
import dev.pitr.wal.record.StretchSummary;
import dev.pitr.wal.record.TimedPoint;
import dev.pitr.wal.record.WalEnd;
import dev.pitr.wal.record.WalLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link SummaryWriter} wrote. What is missing or makes no sense is an error that names the field; what is
 * unknown is passed over.
 */
final class SummaryReader {
    private static final Pattern ROWS = Pattern.compile("(-?\\d{1,18}) (-?\\d{1,18}) (-?\\d{1,18})");
    private static final Pattern CHANGES =
            Pattern.compile("(\\d{1,10}) (\\d{1,10})/(\\d{1,10})/(\\d{1,10}) (-?\\d{1,18} -?\\d{1,18} -?\\d{1,18})");

    private SummaryReader() {}

    static SegmentSummary segment(JsonObject json, WalSegment segment) {
        return checked(json, () -> readSegment(json, segment));
    }

    static StretchSummary stretch(JsonObject json, WalSegment first, WalSegment last) {
        return checked(json, () -> readStretch(json, first, last));
    }

    private interface Reading<T> {
        T read();
    }

    /** The constructors of values refuse what makes no sense: here that is damage. */
    private static <T> T checked(JsonObject json, Reading<T> reading) {
        try {
            return reading.read();
        } catch (RepositoryException e) {
            throw e;
        } catch (PitrException | IllegalArgumentException e) {
            throw RepositoryException.corrupt(json.where(), "its summary is invalid: " + e.getMessage(), e);
        }
    }

    private static SegmentSummary readSegment(JsonObject json, WalSegment segment) {
        SegmentSummary.Builder summary = SegmentSummary.builder(readStretch(json, segment, segment));
        List<KeptRecord> records = new ArrayList<>();
        for (JsonObject record : json.objects("records")) {
            records.add(KeptRecord.of(lsn(record, "start"), lsn(record, "end"), bytes(record, "bytes")));
        }
        summary.records(records);
        summary.changes(
                json.texts("changes").stream().map(SummaryReader::readChanges).toList());
        json.texts("cut")
                .forEach(name -> JsonNames.find(SegmentSummary.Part.class, name).ifPresent(summary::cut));
        return summary.build();
    }

    private static RelationChanges readChanges(String text) {
        Matcher fields = CHANGES.matcher(text);
        if (!fields.matches()) {
            throw new IllegalArgumentException("changes \"" + text + "\"");
        }
        return new RelationChanges(
                Long.parseLong(fields.group(1)),
                new RelationFile(
                        Long.parseLong(fields.group(2)),
                        Long.parseLong(fields.group(3)),
                        Long.parseLong(fields.group(4))),
                readRows(fields.group(5)));
    }

    private static RowCounts readRows(String text) {
        Matcher fields = ROWS.matcher(text);
        if (!fields.matches()) {
            throw new IllegalArgumentException("rows \"" + text + "\"");
        }
        return new RowCounts(
                Long.parseLong(fields.group(1)), Long.parseLong(fields.group(2)), Long.parseLong(fields.group(3)));
    }

    private static StretchSummary readStretch(JsonObject json, WalSegment first, WalSegment last) {
        StretchSummary.Builder stretch = StretchSummary.builder(first, last, chain(json.object("chain")))
                .stops(stops(json.object("stops")))
                .rows(json.parsed("rows", SummaryReader::readRows));
        JsonObject occurrences = json.object("occurrences");
        for (Occurrence occurrence : Occurrence.values()) {
            String name = JsonNames.of(occurrence);
            if (occurrences.has(name)) {
                stretch.count(occurrence, occurrences.number(name));
            }
        }
        if (json.has("last-timed")) {
            JsonObject timed = json.object("last-timed");
            stretch.timed(new TimedPoint(lsn(timed, "start"), lsn(timed, "end"), time(timed, "time")));
        }
        if (json.has("least-wal-level")) {
            stretch.walLevel(json.parsed("least-wal-level", name -> JsonNames.require(WalLevel.class, name)));
        }
        return stretch.build();
    }

    private static StopStatistics stops(JsonObject json) {
        long count = json.number("count");
        if (count == 0) {
            return StopStatistics.NONE;
        }
        return StopStatistics.builder()
                .range(
                        count,
                        time(json, "least-time"),
                        time(json, "greatest-time"),
                        json.number("least-xid"),
                        json.number("greatest-xid"))
                .edges(
                        stop(json.object("first")),
                        stop(json.object("last")),
                        findStop(json, "first-commit"),
                        findStop(json, "last-commit"))
                .build();
    }

    private static @Nullable StopPoint findStop(JsonObject json, String field) {
        return json.has(field) ? stop(json.object(field)) : null;
    }

    private static StopPoint stop(JsonObject json) {
        return new StopPoint(
                json.parsed("kind", name -> JsonNames.require(StopRecord.Kind.class, name)),
                lsn(json, "start"),
                lsn(json, "end"),
                json.number("xid"),
                time(json, "time"));
    }

    private static RecordChain chain(JsonObject json) {
        RecordChain.Builder chain = RecordChain.builder(
                PostgresVersion.ofMajor((int) json.number("major")),
                head(json.object("head")),
                end(json.object("end")));
        if (json.has("first")) {
            JsonObject first = json.object("first");
            JsonObject last = json.object("last");
            chain.records(
                    new RecordChain.Link(lsn(first, "start"), lsn(first, "previous")),
                    new RecordChain.Span(lsn(last, "start"), lsn(last, "end")));
        }
        if (json.has("tail")) {
            JsonObject tail = json.object("tail");
            chain.tail(new RecordChain.Tail(lsn(tail, "start"), fragment(tail)));
        }
        if (json.has("broken-at")) {
            chain.brokenAt(lsn(json, "broken-at"));
        }
        return chain.build();
    }

    private static RecordChain.Head head(JsonObject json) {
        return new RecordChain.Head(
                json.parsed("kind", name -> JsonNames.require(RecordChain.Head.Kind.class, name)),
                lsn(json, "page"),
                json.number("remaining-length"),
                fragment(json),
                lsn(json, "end"));
    }

    private static WalEnd end(JsonObject json) {
        return new WalEnd(
                json.parsed("kind", name -> JsonNames.require(WalEnd.Kind.class, name)),
                lsn(json, "lsn"),
                json.text("reason"));
    }

    private static RecordFragment fragment(JsonObject json) {
        return RecordFragment.of(
                json.number("length"),
                json.has("crc32c") ? (Integer) (int) json.number("crc32c") : null,
                bytes(json, "prefix"),
                bytes(json, "suffix"));
    }

    private static Lsn lsn(JsonObject json, String field) {
        return json.parsed(field, Lsn::parse);
    }

    private static Instant time(JsonObject json, String field) {
        return json.parsed(field, Instant::parse);
    }

    private static byte[] bytes(JsonObject json, String field) {
        return json.parsed(field, Base64.getDecoder()::decode);
    }
}

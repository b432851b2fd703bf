package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.SegmentSummary;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A segment's summary as a field of a JSON object. Read only when it is asked for: who wants the segment's bytes doesn't
 * depend on it.
 */
final class StoredSummary {
    private static final String FIELD = "summary";

    /** Another number says that this version can't read it. A summary can always be made again from the segment. */
    private static final int FORMAT = 1;

    private final @Nullable SegmentSummary made;
    private final @Nullable JsonObject json;

    private StoredSummary(@Nullable SegmentSummary made, @Nullable JsonObject json) {
        this.made = made;
        this.json = json;
    }

    static StoredSummary of(SegmentSummary summary) {
        return new StoredSummary(summary, null);
    }

    /** Finds the field in the header of a WAL file. */
    static Optional<StoredSummary> find(JsonObject header) {
        return header.has(FIELD) ? Optional.of(new StoredSummary(null, header)) : Optional.empty();
    }

    void write(JsonGenerator target) throws IOException {
        target.writeObjectFieldStart(FIELD);
        target.writeNumberField("format", FORMAT);
        new SummaryWriter(target).segment(read().orElseThrow());
        target.writeEndObject();
    }

    Optional<SegmentSummary> read() {
        if (made != null) {
            return Optional.of(made);
        }
        return json == null ? Optional.empty() : read(json);
    }

    private static Optional<SegmentSummary> read(JsonObject header) {
        JsonObject summary = header.object(FIELD);
        return summary.number("format") == FORMAT
                ? Optional.of(SummaryReader.segment(summary, segment(header)))
                : Optional.empty();
    }

    private static WalSegment segment(JsonObject header) {
        WalSegmentSize size = IdentityJson.read(header).segmentSize();
        WalFileName name = header.parsed("name", text -> WalFileName.parse(text, size));
        if (name instanceof WalFileName.Segment whole) {
            return whole.segment();
        }
        if (name instanceof WalFileName.Partial part) {
            return part.segment();
        }
        throw RepositoryException.corrupt(header.where(), name.name() + " has a summary but is no segment");
    }
}

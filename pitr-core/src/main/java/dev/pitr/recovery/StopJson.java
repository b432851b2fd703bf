package dev.pitr.recovery;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.recovery.RecoveryStop.StoppingRecord;
import dev.pitr.wal.record.StopPoint;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Where a recovery ends, as fields of a JSON object. */
final class StopJson {
    private StopJson() {}

    static void write(JsonGenerator json, RecoveryStop stop) throws IOException {
        json.writeStringField("outcome", keyword(stop.outcome()));
        if (stop.failure().isPresent()) {
            json.writeStringField("failure", keyword(stop.failure().get()));
        }
        json.writeStringField("end-lsn", stop.end().toString());
        if (stop.record().isPresent()) {
            record(json, stop.record().get());
        }
        point(json, "last-commit", stop.lastCommit());
        point(json, "last-transaction", stop.lastTransaction());
        Json.strings(json, "log-messages", stop.messages());
    }

    private static void record(JsonGenerator json, StoppingRecord record) throws IOException {
        json.writeObjectFieldStart("stopping-record");
        json.writeStringField("start-lsn", record.start().toString());
        json.writeBooleanField("replayed", record.side() == RecoveryStop.Side.AFTER);
        if (record.restorePoint().isPresent()) {
            json.writeStringField("restore-point", record.restorePoint().get());
        }
        if (record.time().isPresent()) {
            json.writeStringField("time", record.time().get().toString());
        }
        point(json, "transaction", record.transaction());
        json.writeEndObject();
    }

    /** The end of a transaction. */
    static void point(JsonGenerator json, String field, Optional<StopPoint> point) throws IOException {
        if (point.isPresent()) {
            json.writeObjectFieldStart(field);
            json.writeNumberField("xid", point.get().xid());
            json.writeStringField("kind", keyword(point.get().kind()));
            json.writeStringField("time", point.get().time().toString());
            json.writeStringField("start-lsn", point.get().start().toString());
            json.writeStringField("end-lsn", point.get().end().toString());
            json.writeEndObject();
        }
    }

    private static String keyword(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

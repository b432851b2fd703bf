package dev.pitr.recovery;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Refusals as JSON. */
final class RefusalJson {
    private RefusalJson() {}

    static String print(RestoreRefusedException refused) {
        return Json.object(json -> {
            json.writeNumberField("version", PlanJson.VERSION);
            json.writeStringField("error", refused.code());
            json.writeStringField("message", refused.getMessage());
            json.writeArrayFieldStart("refusals");
            for (Refusal refusal : refused.refusals()) {
                write(json, refusal);
            }
            json.writeEndArray();
        });
    }

    static void write(JsonGenerator json, Refusal refusal) throws IOException {
        json.writeStartObject();
        json.writeStringField("code", refusal.kind().code());
        if (refusal.backupId().isPresent()) {
            json.writeStringField("backup", refusal.backupId().get());
        }
        json.writeStringField("reason", refusal.reason());
        if (!refusal.missing().isEmpty()) {
            Json.runs(json, "missing", refusal.missing());
        }
        if (refusal.predictedStop().isPresent()) {
            json.writeObjectFieldStart("server-would");
            StopJson.write(json, refusal.predictedStop().get());
            json.writeEndObject();
        }
        if (refusal.alternative().isPresent()) {
            write(json, refusal.alternative().get());
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Alternative alternative) throws IOException {
        json.writeObjectFieldStart("alternative");
        json.writeStringField("description", alternative.describe());
        Json.target(json, "target", alternative.target());
        json.writeStringField("timeline", alternative.timeline().toString());
        json.writeStringField("backup", alternative.backup().id());
        json.writeBooleanField("ends-before-gap", alternative.endsBeforeGap());
        json.writeEndObject();
    }
}

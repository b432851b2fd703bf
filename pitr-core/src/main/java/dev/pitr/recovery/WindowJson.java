package dev.pitr.recovery;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryWindows.OnTimeline;
import java.io.IOException;
import java.util.Locale;

/** Windows as JSON. */
final class WindowJson {
    private final JsonGenerator json;

    private WindowJson(JsonGenerator json) {
        this.json = json;
    }

    static String print(RecoveryWindows windows) {
        return Json.object(json -> new WindowJson(json).write(windows));
    }

    private void write(RecoveryWindows windows) throws IOException {
        json.writeNumberField("version", PlanJson.VERSION);
        json.writeStringField(
                "system-identifier", Long.toUnsignedString(windows.identity().systemIdentifier()));
        json.writeNumberField("postgres-major", windows.identity().version().major());
        json.writeArrayFieldStart("timelines");
        for (OnTimeline timeline : windows.timelines()) {
            json.writeStartObject();
            json.writeNumberField("timeline", timeline.history().timeline().value());
            json.writeArrayFieldStart("windows");
            for (RecoveryWindow window : timeline.windows()) {
                window(window);
            }
            json.writeEndArray();
            Json.runs(json, "missing", timeline.gaps());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void window(RecoveryWindow window) throws IOException {
        json.writeStartObject();
        edge("start", window.start());
        edge("end", window.end());
        json.writeStringField("archived-up-to-lsn", window.archivedUpTo().toString());
        json.writeStringField(
                "ending", window.ending().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeStringField("reason", window.reason());
        Json.strings(json, "backups", window.backups().stream().map(Backup::id).toList());
        json.writeEndObject();
    }

    private void edge(String field, RecoveryWindow.Edge edge) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("lsn", edge.lsn().toString());
        json.writeNumberField("timeline", edge.timeline().value());
        StopJson.point(json, "last-commit", edge.commit());
        json.writeEndObject();
    }
}

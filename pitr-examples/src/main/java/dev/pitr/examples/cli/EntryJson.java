package dev.pitr.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.history.ChangeKind;
import dev.pitr.history.ChangedRelation;
import dev.pitr.history.DroppedRelation;
import dev.pitr.history.HistoryEntry;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Entries of a history as JSON. */
final class EntryJson {
    private EntryJson() {}

    static void write(JsonGenerator json, List<HistoryEntry> entries, boolean more) throws IOException {
        json.writeArrayFieldStart("entries");
        for (HistoryEntry entry : entries) {
            write(json, entry);
        }
        json.writeEndArray();
        json.writeBooleanField("more", more);
    }

    private static void write(JsonGenerator json, HistoryEntry entry) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("kinds");
        for (ChangeKind kind : entry.kinds()) {
            json.writeString(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        json.writeEndArray();
        json.writeStringField("time", entry.time().toString());
        json.writeStringField("start", entry.start().toString());
        json.writeStringField("end", entry.end().toString());
        json.writeNumberField("timeline", entry.timeline().value());
        if (!entry.name().isEmpty()) {
            json.writeStringField("name", entry.name());
        }
        if (entry.outcome().isPresent()) {
            writeTransaction(json, entry);
        }
        json.writeObjectFieldStart("before");
        for (Map.Entry<String, String> setting :
                entry.before().target().settings().entrySet()) {
            json.writeStringField(setting.getKey(), setting.getValue());
        }
        json.writeStringField("reason", entry.before().reason());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeTransaction(JsonGenerator json, HistoryEntry entry) throws IOException {
        json.writeNumberField("xid", entry.xid().orElseThrow());
        json.writeStringField("outcome", entry.outcome().orElseThrow().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("prepared", entry.isPrepared());
        if (entry.database().isPresent()) {
            json.writeNumberField("database", entry.database().getAsLong());
        }
        if (entry.databaseName().isPresent()) {
            json.writeStringField("database-name", entry.databaseName().get());
        }
        json.writeBooleanField("complete", entry.isComplete());
        json.writeArrayFieldStart("changes");
        for (ChangedRelation change : entry.changes()) {
            write(json, change);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("dropped");
        for (DroppedRelation dropped : entry.dropped()) {
            write(json, dropped);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("doubts");
        for (String doubt : entry.doubts()) {
            json.writeString(doubt);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ChangedRelation change) throws IOException {
        json.writeStartObject();
        json.writeStringField("file", change.file().toString());
        if (change.name().isPresent()) {
            json.writeStringField("name", change.name().get());
        }
        json.writeNumberField("inserted", change.rows().inserted());
        json.writeNumberField("updated", change.rows().updated());
        json.writeNumberField("deleted", change.rows().deleted());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, DroppedRelation dropped) throws IOException {
        json.writeStartObject();
        if (dropped.oid().isPresent()) {
            json.writeNumberField("oid", dropped.oid().get().oid());
        }
        if (dropped.file().isPresent()) {
            json.writeStringField("file", dropped.file().get().toString());
        }
        if (dropped.name().isPresent()) {
            json.writeStringField("name", dropped.name().get());
        }
        json.writeEndObject();
    }
}

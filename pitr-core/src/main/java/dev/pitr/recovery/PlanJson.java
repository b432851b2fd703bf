package dev.pitr.recovery;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.catalog.Backup;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalFileName;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** A plan as JSON. System identifiers are strings: they don't fit the numbers of every reader. */
final class PlanJson {
    static final int VERSION = 1;

    private final RestorePlan plan;
    private final JsonGenerator json;

    private PlanJson(RestorePlan plan, JsonGenerator json) {
        this.plan = plan;
        this.json = json;
    }

    static String print(RestorePlan plan) {
        return Json.object(json -> new PlanJson(plan, json).write());
    }

    private void write() throws IOException {
        json.writeNumberField("version", VERSION);
        cluster();
        Json.target(json, "target", plan.target());
        if (!plan.effectiveTarget().equals(plan.target())) {
            Json.target(json, "effective-target", plan.effectiveTarget());
            Json.strings(json, "remarks", plan.remarks());
        }
        timeline();
        json.writeStringField("action", plan.action().toString());
        prediction();
        backup();
        wal();
        settings();
        Json.strings(json, "steps", plan.steps());
        passedOver();
        Json.strings(json, "warnings", plan.warnings());
    }

    private void cluster() throws IOException {
        json.writeObjectFieldStart("cluster");
        json.writeStringField(
                "system-identifier", Long.toUnsignedString(plan.identity().systemIdentifier()));
        json.writeNumberField("postgres-major", plan.identity().version().major());
        json.writeNumberField("wal-segment-bytes", plan.identity().segmentSize().bytes());
        json.writeEndObject();
    }

    private void timeline() throws IOException {
        json.writeObjectFieldStart("timeline");
        json.writeStringField("requested", plan.timelineTarget().toString());
        json.writeNumberField("number", plan.history().timeline().value());
        json.writeArrayFieldStart("forks");
        for (TimelineHistory.Fork fork : plan.history().forks()) {
            json.writeStartObject();
            json.writeNumberField("parent", fork.parent().value());
            json.writeStringField("switch-lsn", fork.switchPoint().toString());
            json.writeStringField("reason", fork.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("new-timeline", plan.newTimeline().value());
        json.writeEndObject();
    }

    private void prediction() throws IOException {
        StopPrediction stop = plan.predictedStop();
        json.writeObjectFieldStart("predicted-stop");
        json.writeStringField(
                "kind", stop.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeStringField("not-before-lsn", stop.notBefore().toString());
        json.writeStringField("not-after-lsn", stop.notAfter().toString());
        if (stop.stop().isPresent()) {
            StopJson.write(json, stop.stop().get());
        }
        json.writeEndObject();
    }

    private void backup() throws IOException {
        Backup backup = plan.backup();
        json.writeObjectFieldStart("backup");
        json.writeStringField("id", backup.id());
        json.writeStringField("label", backup.label());
        json.writeStringField("started-at", backup.startedAt().toString());
        json.writeStringField("finished-at", backup.finishedAt().toString());
        json.writeStringField("server-version", backup.serverVersion());
        json.writeBooleanField("from-standby", backup.isFromStandby());
        json.writeNumberField("start-timeline", backup.startTimeline().value());
        json.writeStringField("start-lsn", backup.startLsn().toString());
        json.writeStringField("checkpoint-lsn", backup.checkpointLsn().toString());
        json.writeNumberField("stop-timeline", backup.stopTimeline().value());
        json.writeStringField("stop-lsn", backup.stopLsn().toString());
        json.writeNumberField("objects", backup.objects().size());
        json.writeNumberField("stored-bytes", plan.backupStoredBytes());
        json.writeNumberField("raw-bytes", backup.rawSizeBytes());
        json.writeEndObject();
    }

    private void wal() throws IOException {
        json.writeObjectFieldStart("wal");
        json.writeStringField("source", plan.usesCarriedWal() ? "backup" : "archive");
        json.writeNumberField("segments", plan.segments().size());
        json.writeNumberField("stored-bytes-at-most", plan.walStoredBytes());
        Json.runs(json, "ranges", SegmentRuns.of(plan));
        Json.strings(
                json,
                "history-files",
                plan.historyFiles().stream().map(WalFileName::name).toList());
        json.writeEndObject();
    }

    private void settings() throws IOException {
        json.writeObjectFieldStart("settings");
        for (Map.Entry<String, String> setting : plan.recoverySettings().entrySet()) {
            json.writeStringField(setting.getKey(), setting.getValue());
        }
        json.writeEndObject();
    }

    private void passedOver() throws IOException {
        json.writeArrayFieldStart("passed-over");
        for (Refusal refusal : plan.passedOver()) {
            RefusalJson.write(json, refusal);
        }
        json.writeEndArray();
    }
}

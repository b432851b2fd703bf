package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.catalog.Backup;
import dev.pitr.catalog.BackupBuilder;
import dev.pitr.catalog.Tablespace;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code backup.json}: a backup as its record tells it. */
final class BackupRecord {
    private BackupRecord() {}

    static byte[] toJson(Backup backup) {
        return SealedJson.write(json -> {
            FormatVersion.write(json);
            json.writeStringField("id", backup.id());
            json.writeStringField("label", backup.label());
            IdentityJson.write(json, backup.identity());
            json.writeStringField("server-version", backup.serverVersion());
            json.writeStringField("started-at", backup.startedAt().toString());
            json.writeStringField("finished-at", backup.finishedAt().toString());
            json.writeNumberField("start-timeline", backup.startTimeline().value());
            json.writeStringField("start-lsn", backup.startLsn().toString());
            json.writeStringField("checkpoint-lsn", backup.checkpointLsn().toString());
            json.writeNumberField("stop-timeline", backup.stopTimeline().value());
            json.writeStringField("stop-lsn", backup.stopLsn().toString());
            json.writeBooleanField("from-standby", backup.isFromStandby());
            json.writeStringField("compression", backup.compression());
            json.writeNumberField("base-raw-size", backup.baseRawSizeBytes());
            json.writeNumberField("file-count", backup.fileCount());
            writeTablespaces(json, backup.tablespaces());
            writeTexts(
                    json,
                    "carried-wal",
                    backup.carriedWal().stream().map(WalSegment::name).toList());
            writeMap(json, "settings", backup.settings());
            writeMap(json, "external-config-files", backup.externalConfigFiles());
            writeMap(json, "collation-versions", backup.collationVersions());
            writeTexts(json, "preload-libraries", backup.preloadLibraries());
            writeTexts(json, "warnings", backup.warnings());
            writeObjects(json, backup.objects());
        });
    }

    private static void writeTablespaces(JsonGenerator json, List<Tablespace> tablespaces) throws IOException {
        json.writeArrayFieldStart("tablespaces");
        for (Tablespace tablespace : tablespaces) {
            json.writeStartObject();
            json.writeNumberField("oid", Integer.toUnsignedLong(tablespace.oid()));
            json.writeStringField("location", tablespace.location());
            json.writeNumberField("raw-size", tablespace.rawSizeBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeObjects(JsonGenerator json, List<Backup.StoredObject> objects) throws IOException {
        json.writeArrayFieldStart("objects");
        for (Backup.StoredObject object : objects) {
            json.writeStartObject();
            json.writeStringField("name", object.name());
            json.writeNumberField("size", object.sizeBytes());
            json.writeStringField("sha256", object.sha256());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeMap(JsonGenerator json, String name, Map<String, String> map) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, String> entry : map.entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
    }

    private static void writeTexts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    static Backup fromJson(JsonObject json) {
        try {
            return read(json);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw RepositoryException.corrupt(json.where(), String.valueOf(e.getMessage()), e);
        }
    }

    private static Backup read(JsonObject json) {
        BackupBuilder backup = Backup.builder()
                .id(json.text("id"))
                .label(json.text("label"))
                .identity(IdentityJson.read(json))
                .serverVersion(json.text("server-version"))
                .time(json.parsed("started-at", Instant::parse), json.parsed("finished-at", Instant::parse))
                .start(
                        new TimelineId(json.number("start-timeline")),
                        json.parsed("start-lsn", Lsn::parse),
                        json.parsed("checkpoint-lsn", Lsn::parse))
                .stop(new TimelineId(json.number("stop-timeline")), json.parsed("stop-lsn", Lsn::parse))
                .compression(json.text("compression"))
                .baseRawSizeBytes(json.number("base-raw-size"))
                .fileCount(json.number("file-count"))
                .carriedWal(carriedWal(json))
                .objects(json.objects("objects").stream()
                        .map(object -> new Backup.StoredObject(
                                object.text("name"), object.number("size"), object.text("sha256")))
                        .toList());
        readEnvironment(json, backup);
        return backup.build();
    }

    private static List<WalSegment> carriedWal(JsonObject json) {
        return json.texts("carried-wal").stream()
                .map(name -> WalSegment.parse(name, IdentityJson.read(json).segmentSize()))
                .toList();
    }

    private static void readEnvironment(JsonObject json, BackupBuilder backup) {
        if (json.flag("from-standby")) {
            backup.fromStandby();
        }
        for (JsonObject tablespace : json.objects("tablespaces")) {
            backup.tablespace(new Tablespace(
                    (int) tablespace.number("oid"), tablespace.text("location"), tablespace.number("raw-size")));
        }
        json.textMap("settings").forEach(backup::setting);
        json.textMap("external-config-files").forEach(backup::externalConfigFile);
        json.textMap("collation-versions").forEach(backup::collationVersion);
        json.texts("preload-libraries").forEach(backup::preloadLibrary);
        json.texts("warnings").forEach(backup::warning);
    }
}

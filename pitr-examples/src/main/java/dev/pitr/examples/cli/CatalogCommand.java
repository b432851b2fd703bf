package dev.pitr.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Incarnation;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code pitr catalog}. */
@Command(
        name = "catalog",
        description = "Shows what the repository holds: backups, also unfinished ones, WAL with its gaps, timelines.")
final class CatalogCommand extends Subcommand {
    @Override
    public Integer call() {
        Incarnation incarnation = repository().open().repository().current();
        Catalogue catalogue = incarnation.catalogue();
        List<BackupStore.Started> unfinished = incarnation.backups().unfinished();
        output().print(new CatalogText(catalogue, unfinished).print(), json -> writeTo(json, catalogue, unfinished));
        return ExitCode.OK.status();
    }

    private static void writeTo(JsonGenerator json, Catalogue catalogue, List<BackupStore.Started> unfinished)
            throws IOException {
        json.writeStringField(
                "system-identifier", Long.toUnsignedString(catalogue.identity().systemIdentifier()));
        json.writeNumberField("major-version", catalogue.identity().version().major());
        json.writeArrayFieldStart("backups");
        for (Backup backup : catalogue.backups()) {
            writeBackup(json, backup);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("unfinished-backups");
        for (BackupStore.Started started : unfinished) {
            json.writeStartObject();
            json.writeStringField("id", started.id());
            json.writeStringField("owner", started.owner());
            json.writeStringField("lease-until", started.leaseUntil().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeWal(json, catalogue);
        json.writeArrayFieldStart("unreadable");
        for (Object object : catalogue.unreadable()) {
            json.writeString(object.toString());
        }
        json.writeEndArray();
    }

    private static void writeBackup(JsonGenerator json, Backup backup) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", backup.id());
        json.writeStringField("label", backup.label());
        json.writeStringField("started-at", backup.startedAt().toString());
        json.writeStringField("finished-at", backup.finishedAt().toString());
        json.writeStringField("start-lsn", backup.startLsn().toString());
        json.writeStringField("stop-lsn", backup.stopLsn().toString());
        json.writeNumberField("timeline", backup.stopTimeline().value());
        json.writeNumberField("raw-size-bytes", backup.rawSizeBytes());
        json.writeNumberField("stored-size-bytes", backup.storedSizeBytes());
        json.writeBooleanField("carries-wal", backup.carriesWal());
        json.writeEndObject();
    }

    private static void writeWal(JsonGenerator json, Catalogue catalogue) throws IOException {
        json.writeArrayFieldStart("wal");
        for (TimelineId timeline : catalogue.wal().timelines()) {
            for (WalCoverage.Run run : catalogue.wal().runs(timeline)) {
                json.writeStartObject();
                json.writeNumberField("timeline", timeline.value());
                json.writeStringField("first", run.first().name());
                json.writeStringField("last", run.last().name());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeArrayFieldStart("timelines");
        for (TimelineHistory history : catalogue.histories().values()) {
            json.writeStartObject();
            json.writeNumberField("timeline", history.timeline().value());
            json.writeArrayFieldStart("forks");
            for (TimelineHistory.Fork fork : history.forks()) {
                json.writeStartObject();
                json.writeNumberField("parent", fork.parent().value());
                json.writeStringField("switch-point", fork.switchPoint().toString());
                json.writeStringField("reason", fork.reason());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}

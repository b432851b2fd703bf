package dev.pitr.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.TimelineId;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine.Command;

/** {@code pitr catalog}. */
@Command(name = "catalog", description = "Shows what the repository holds: backups, WAL with its gaps, timelines.")
final class CatalogCommand extends Subcommand {
    @Override
    public Integer call() {
        Catalogue catalogue = repository().open().catalogue();
        output().print(text(catalogue), json -> writeTo(json, catalogue));
        return ExitCode.OK.status();
    }

    private static String text(Catalogue catalogue) {
        StringBuilder text = new StringBuilder(catalogue.identity().toString()).append("\n\nBackups\n");
        for (Backup backup : catalogue.backups()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-24s %s  consistent at %s on timeline %s  %s%n",
                    backup.id(),
                    backup.finishedAt(),
                    backup.stopLsn(),
                    backup.stopTimeline(),
                    Sizes.print(backup.storedSizeBytes())));
        }
        if (catalogue.backups().isEmpty()) {
            text.append("  none\n");
        }
        text.append("\nWAL\n");
        for (TimelineId timeline : catalogue.wal().timelines()) {
            appendRuns(text, catalogue.wal(), timeline);
        }
        catalogue
                .partials()
                .forEach(partial -> text.append("  partial segment: ")
                        .append(partial.name())
                        .append('\n'));
        catalogue.unreadable().forEach(object -> text.append("\nUNREADABLE: ").append(object));
        return text.toString().stripTrailing();
    }

    private static void appendRuns(StringBuilder text, WalCoverage wal, TimelineId timeline) {
        String separator = "  timeline " + timeline + ": ";
        for (WalCoverage.Run run : wal.runs(timeline)) {
            text.append(separator)
                    .append(run.first().name())
                    .append(" to ")
                    .append(run.last().name())
                    .append('\n');
            separator = "    GAP, then ";
        }
    }

    private static void writeTo(JsonGenerator json, Catalogue catalogue) throws IOException {
        json.writeStringField(
                "system-identifier", Long.toUnsignedString(catalogue.identity().systemIdentifier()));
        json.writeNumberField("major-version", catalogue.identity().version().major());
        json.writeArrayFieldStart("backups");
        for (Backup backup : catalogue.backups()) {
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
        json.writeEndArray();
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
        json.writeArrayFieldStart("unreadable");
        for (Object object : catalogue.unreadable()) {
            json.writeString(object.toString());
        }
        json.writeEndArray();
    }
}

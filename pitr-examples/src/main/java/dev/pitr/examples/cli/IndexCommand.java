package dev.pitr.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.catalog.Unreadable;
import dev.pitr.repository.IndexReport;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code pitr index}. */
@Command(
        name = "index",
        description = {
            "Brings the index of the archived WAL up to date, so that windows, plans and searches needn't look into each"
                    + " segment. May run at any time, again and again.",
            "Exits 3 if segments can't be read; the others are indexed."
        })
final class IndexCommand extends Subcommand {
    @Override
    public Integer call() {
        IndexReport report;
        try (ProgressBar bar = ProgressBar.onTerminal()) {
            report = repository().open().repository().current().index().build(bar);
        }
        output().print(text(report), json -> writeTo(json, report));
        return (report.unreadable().isEmpty() ? ExitCode.OK : ExitCode.FAILED).status();
    }

    private static String text(IndexReport report) {
        StringBuilder text = new StringBuilder();
        text.append("Segments added: ").append(report.segmentsAdded());
        if (report.segmentsScanned() > 0) {
            text.append(", ").append(report.segmentsScanned()).append(" of them read whole");
        }
        text.append("\nPages written: ")
                .append(report.completePages())
                .append(" complete, ")
                .append(report.openPages())
                .append(" open; roll-ups: ")
                .append(report.rollups());
        for (Unreadable object : report.unreadable()) {
            text.append("\nUnreadable: ").append(object.key()).append(": ").append(object.reason());
        }
        return text.toString();
    }

    private static void writeTo(JsonGenerator json, IndexReport report) throws IOException {
        json.writeNumberField("segments-added", report.segmentsAdded());
        json.writeNumberField("segments-read-whole", report.segmentsScanned());
        json.writeNumberField("complete-pages", report.completePages());
        json.writeNumberField("open-pages", report.openPages());
        json.writeNumberField("roll-ups", report.rollups());
        json.writeArrayFieldStart("unreadable");
        for (Unreadable object : report.unreadable()) {
            json.writeStartObject();
            json.writeStringField("object", object.key());
            json.writeStringField("code", object.code());
            json.writeStringField("reason", object.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}

package dev.pitr.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.repository.Incarnation;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalSegment;
import dev.pitr.wal.record.WalReader;
import dev.pitr.wal.record.WalRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pitr inspect}. */
@Command(
        name = "inspect",
        description = {
            "Prints every record of a WAL segment, as pg_waldump does, of all versions from 13 on.",
            "A record belongs to the segment where it begins; one that goes on in the next isn't printed."
        })
final class InspectCommand extends Subcommand {
    @Parameters(paramLabel = "SEGMENT", description = "A segment's name in the repository, or the path of a file.")
    private String segment = "";

    @Override
    public Integer call() throws IOException {
        try (InputStream in = open()) {
            WalReader reader = WalReader.open(in);
            output().stream(out -> print(out, reader), json -> write(json, reader));
        }
        return ExitCode.OK.status();
    }

    private InputStream open() throws IOException {
        if (segment.indexOf('/') >= 0 || Files.exists(Path.of(segment))) {
            return Files.newInputStream(Path.of(segment));
        }
        Incarnation incarnation = repository().open().repository().current();
        WalSegment named = WalSegment.parse(segment, incarnation.identity().segmentSize());
        return incarnation.wal().open(new WalFileName.Segment(named));
    }

    private static void print(PrintWriter out, WalReader reader) {
        try {
            while (reader.next()) {
                WalRecord record = reader.record();
                out.println(String.format(
                                Locale.ROOT,
                                "%-12s %-12s xid %-10d %6d bytes  %-12s %-22s %s",
                                new Lsn(record.startLsn()),
                                new Lsn(record.endLsn()),
                                record.xid(),
                                record.length(),
                                record.resourceManagerName(),
                                record.operationName(),
                                record.description())
                        .stripTrailing());
            }
            out.println("end of records: " + reader.end());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(JsonGenerator json, WalReader reader) throws IOException {
        json.writeArrayFieldStart("records");
        while (reader.next()) {
            WalRecord record = reader.record();
            json.writeStartObject();
            json.writeStringField("start", new Lsn(record.startLsn()).toString());
            json.writeStringField("end", new Lsn(record.endLsn()).toString());
            json.writeStringField("previous", new Lsn(record.previousLsn()).toString());
            json.writeNumberField("xid", record.xid());
            json.writeNumberField("length", record.length());
            json.writeStringField("resource-manager", record.resourceManagerName());
            json.writeStringField("operation", record.operationName());
            json.writeStringField("description", record.description());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("end", reader.end().kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("end-at", reader.end().lsn().toString());
        json.writeStringField("end-reason", reader.end().reason());
    }
}

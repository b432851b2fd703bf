package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The lines of {@code parts.json.zst}: a first one with the format, one for each part, a last one with the number of
 * parts and the SHA-256 of all lines before.
 */
final class PartIndex {
    static final JsonFactory FACTORY = new JsonFactory();

    private PartIndex() {}

    static byte[] line(SealedJson.Members members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON to memory", e);
        }
        out.write('\n');
        return out.toByteArray();
    }

    static void write(JsonGenerator json, BackupPart part) throws IOException {
        json.writeStringField("part", part.name());
        json.writeNumberField("tablespace", Integer.toUnsignedLong(part.tablespaceOid()));
        json.writeNumberField("size", part.storedSizeBytes());
        json.writeStringField("sha256", part.sha256());
        json.writeArrayFieldStart("frames");
        for (PartFrame frame : part.frames()) {
            write(json, frame);
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, PartFrame frame) throws IOException {
        json.writeStartObject();
        json.writeNumberField("offset", frame.offset());
        json.writeNumberField("size", frame.storedLength());
        json.writeNumberField("raw-size", frame.rawLength());
        json.writeStringField("sha256", frame.sha256());
        json.writeArrayFieldStart("members");
        for (String member : frame.members()) {
            json.writeString(member);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    static BackupPart read(JsonObject json) {
        return new BackupPart(
                json.text("part"),
                (int) json.number("tablespace"),
                json.number("size"),
                json.text("sha256"),
                json.objects("frames").stream().map(PartIndex::readFrame).toList());
    }

    private static PartFrame readFrame(JsonObject json) {
        return new PartFrame(
                json.number("offset"),
                json.number("size"),
                json.number("raw-size"),
                json.text("sha256"),
                json.texts("members"));
    }
}

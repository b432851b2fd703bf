package dev.pitr.recovery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.pitr.catalog.WalCoverage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writing JSON into a string: one object, indented by two spaces, lines ended alike everywhere. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** The content of an object. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private Json() {}

    static String object(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            json.setPrettyPrinter(
                    new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    static void strings(JsonGenerator json, String field, List<String> values) throws IOException {
        json.writeArrayFieldStart(field);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    static void runs(JsonGenerator json, String field, List<WalCoverage.Run> runs) throws IOException {
        json.writeArrayFieldStart(field);
        for (WalCoverage.Run run : runs) {
            json.writeStartObject();
            json.writeStringField("first", run.first().name());
            json.writeStringField("last", run.last().name());
            json.writeNumberField("segments", run.last().number() - run.first().number() + 1);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void target(JsonGenerator json, String field, RecoveryTarget target) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("type", target.keyword());
        if (!target.value().isEmpty()) {
            json.writeStringField("value", target.value());
        }
        String inclusive = target.settings().get("recovery_target_inclusive");
        if (inclusive != null) {
            json.writeBooleanField("inclusive", Boolean.parseBoolean(inclusive));
        }
        json.writeEndObject();
    }
}

package dev.pitr.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** How a command answers: text for people, or one JSON document. */
final class Output {
    private final PrintWriter out;
    private final boolean json;

    Output(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Writes the fields of a JSON object. */
    @FunctionalInterface
    interface Fields {
        void write(JsonGenerator generator) throws IOException;
    }

    /** Prints one of the two forms. */
    void print(String text, Fields fields) {
        line(json ? object(fields) : text);
    }

    /** Prints one of the two forms, the JSON being at hand. */
    void print(String text, String jsonDocument) {
        line(json ? jsonDocument : text);
    }

    /** Prints JSON where that is asked for; a server's log needs no text of ours for each file. */
    void printJson(Fields fields) {
        if (json) {
            line(object(fields));
        }
    }

    /** Prints one of the two forms as it is made: neither is held in memory. */
    void stream(Consumer<PrintWriter> text, Fields fields) throws IOException {
        if (json) {
            try (JsonGenerator generator = new JsonFactory()
                    .createGenerator(out)
                    .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                    .useDefaultPrettyPrinter()) {
                generator.writeStartObject();
                fields.write(generator);
                generator.writeEndObject();
            }
            out.println();
        } else {
            text.accept(out);
        }
        out.flush();
    }

    private void line(String text) {
        out.println(text);
        out.flush();
    }

    static String object(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            generator.writeStartObject();
            fields.write(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON into memory", e);
        }
        return text.toString();
    }
}

package dev.pitr.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rules as the AWS command line reads them. */
final class LifecycleJson {
    private LifecycleJson() {}

    static String write(List<AgingRule> rules, S3Place place) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeArrayFieldStart("Rules");
            for (AgingRule rule : rules) {
                write(json, rule, place);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory doesn't fail", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, AgingRule rule, S3Place place) throws IOException {
        json.writeStartObject();
        json.writeStringField("ID", rule.id(place));
        json.writeStringField("Status", "Enabled");
        writeFilter(json, rule, place);
        if (rule.moveDays() != null) {
            json.writeArrayFieldStart("Transitions");
            json.writeStartObject();
            json.writeNumberField("Days", rule.moveDays());
            json.writeStringField("StorageClass", rule.storageClass());
            json.writeEndObject();
            json.writeEndArray();
        }
        writeDays(json, "Expiration", "Days", rule.expireDays());
        writeDays(json, "AbortIncompleteMultipartUpload", "DaysAfterInitiation", rule.abortDays());
        writeDays(json, "NoncurrentVersionExpiration", "NoncurrentDays", rule.noncurrentDays());
        json.writeEndObject();
    }

    private static void writeFilter(JsonGenerator json, AgingRule rule, S3Place place) throws IOException {
        json.writeObjectFieldStart("Filter");
        if (rule.kind() == null) {
            json.writeStringField("Prefix", place.prefix());
        } else {
            json.writeObjectFieldStart("And");
            json.writeStringField("Prefix", place.prefix());
            json.writeArrayFieldStart("Tags");
            json.writeStartObject();
            json.writeStringField("Key", S3Requests.KIND_TAG);
            json.writeStringField("Value", rule.kind().label());
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void writeDays(JsonGenerator json, String action, String unit, @Nullable Long days)
            throws IOException {
        if (days != null) {
            json.writeObjectFieldStart(action);
            json.writeNumberField(unit, days);
            json.writeEndObject();
        }
    }
}

package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** The two fields that say whether this version of pitr can read an object: {@code format} and {@code requires}. */
final class FormatVersion {
    private static final int FORMAT = 1;

    private FormatVersion() {}

    static void write(JsonGenerator json) throws IOException {
        json.writeNumberField("format", FORMAT);
        json.writeArrayFieldStart("requires");
        json.writeEndArray();
    }

    /** Refuses what this version can't read; format 1 has no feature yet, so every required one is unknown. */
    static JsonObject check(JsonObject json) {
        long format = json.number("format");
        if (format != FORMAT) {
            throw new RepositoryException(
                    "repository.unsupported-format",
                    "Cannot read " + json.where() + ": it has format " + format + ", this version of pitr knows format "
                            + FORMAT + ". Use a newer version of pitr.",
                    null);
        }
        List<String> features = json.texts("requires");
        if (!features.isEmpty()) {
            throw new RepositoryException(
                    "repository.unsupported-feature",
                    "Cannot read " + json.where() + ": it requires " + String.join(", ", features)
                            + ", which this version of pitr doesn't know. Use a newer version of pitr.",
                    null);
        }
        return json;
    }
}

package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON documents that carry a checksum of themselves: the last line but one is {@code "sha256": "…"}, the SHA-256 of all
 * bytes before that line. So {@code head -n -2 FILE | sha256sum} checks it by hand.
 */
final class SealedJson {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String END = "\n}";
    private static final String SEAL = "  \"sha256\": \"";
    private static final String SEAL_END = "\"\n}\n";
    private static final int SEAL_LENGTH = SEAL.length() + Sha256.HEX_LENGTH + SEAL_END.length();

    private SealedJson() {}

    /** Writes the members of an object that is open already; at least one. */
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] write(Members members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.setPrettyPrinter(printer());
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write JSON to memory", e);
        }
        return seal(out.toByteArray());
    }

    private static DefaultPrettyPrinter printer() {
        Separators separators =
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        DefaultPrettyPrinter.Indenter lines = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(separators).withObjectIndenter(lines).withArrayIndenter(lines);
    }

    private static byte[] seal(byte[] json) {
        int bodyLength = json.length - END.length() + ",\n".length();
        byte[] sealed = Arrays.copyOf(json, bodyLength + SEAL_LENGTH);
        sealed[bodyLength - 2] = ',';
        sealed[bodyLength - 1] = '\n';
        byte[] seal = sealOf(sealed, bodyLength);
        System.arraycopy(seal, 0, sealed, bodyLength, SEAL_LENGTH);
        return sealed;
    }

    private static byte[] sealOf(byte[] bytes, int bodyLength) {
        return (SEAL + Sha256.of(bytes, 0, bodyLength) + SEAL_END).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Checks the seal and parses.
     *
     * @param where the object, for messages
     * @throws RepositoryException repository.corrupt
     */
    static JsonObject read(String where, byte[] bytes) {
        int bodyLength = bytes.length - SEAL_LENGTH;
        if (bodyLength < 0
                || !Arrays.equals(bytes, bodyLength, bytes.length, sealOf(bytes, bodyLength), 0, SEAL_LENGTH)) {
            throw RepositoryException.corrupt(
                    where,
                    "its checksum doesn't match its content, so it is damaged, cut short or edited (after an edit that"
                            + " was meant, \"sha256\" is what head -n -2 FILE | sha256sum prints)");
        }
        return JsonObject.parse(where, bytes, FACTORY);
    }
}

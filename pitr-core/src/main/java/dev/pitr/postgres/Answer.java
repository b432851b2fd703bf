package dev.pitr.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pitr.postgres.MessageStream.ProtocolViolation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's answer to one simple query: messages up to {@code ReadyForQuery}.
 *
 * <p>Notices may stand anywhere and an error may follow the data, so both are dealt with here: notices are collected, an
 * error is thrown once the session is ready for the next query.
 */
final class Answer {
    private static final int MAX_WARNINGS = 1000;

    private final MessageStream stream;
    private final List<String> warnings = new ArrayList<>();
    private long warningsLeftOut;

    Answer(MessageStream stream) {
        this.stream = stream;
    }

    /** Returns what the server has said on the side so far. */
    List<String> warnings() {
        List<String> result = new ArrayList<>(warnings);
        if (warningsLeftOut > 0) {
            result.add("(" + warningsLeftOut + " more left out)");
        }
        return result;
    }

    /** Goes on to the next message that carries the answer. */
    char next() throws IOException, ServerFailure {
        while (true) {
            char type = stream.next();
            switch (type) {
                case 'N' -> warn(ServerMessage.read(stream));
                case 'S', 'A' -> {}
                case 'E' -> throw failure(ServerMessage.read(stream));
                default -> {
                    return type;
                }
            }
        }
    }

    /** Goes on to the end of the answer, after which the session is ready for the next question. */
    void end() throws IOException, ServerFailure {
        expect('Z');
        stream.skipRest();
    }

    /** Goes on to a message of this type. */
    void expect(char type) throws IOException, ServerFailure {
        char actual = next();
        if (actual != type) {
            throw new ProtocolViolation("a message '" + actual + "' where '" + type + "' is due");
        }
    }

    private void warn(ServerMessage notice) {
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add(notice.severity() + ": " + notice.describe());
        } else {
            warningsLeftOut++;
        }
    }

    private ServerFailure failure(ServerMessage error) throws IOException {
        char type = error.endsSession() ? 'Z' : stream.next();
        while (type != 'Z') {
            if (type == 'N') {
                warn(ServerMessage.read(stream));
            }
            type = stream.next();
        }
        stream.skipRest();
        return new ServerFailure(error, warnings());
    }

    /** Takes one result set, from its description to the end of its command. */
    List<Map<String, @Nullable String>> rows() throws IOException, ServerFailure {
        expect('T');
        return asText(rowsAfterDescription());
    }

    /** Takes all result sets up to the end of the answer and returns the rows of the last. */
    List<Map<String, @Nullable String>> lastRows() throws IOException, ServerFailure {
        return asText(lastRawRows());
    }

    /** As {@link #lastRows}, for values whose encoding only their reader knows. */
    List<Map<String, byte @Nullable []>> lastRawRows() throws IOException, ServerFailure {
        List<Map<String, byte @Nullable []>> rows = List.of();
        for (char type = next(); type != 'Z'; type = next()) {
            switch (type) {
                case 'T' -> rows = rowsAfterDescription();
                case 'C', 'I' -> {}
                default -> throw new ProtocolViolation("a message '" + type + "' in answer to a query");
            }
        }
        stream.skipRest();
        return rows;
    }

    private static List<Map<String, @Nullable String>> asText(List<Map<String, byte @Nullable []>> rows) {
        List<Map<String, @Nullable String>> result = new ArrayList<>();
        for (Map<String, byte @Nullable []> row : rows) {
            Map<String, @Nullable String> text = new LinkedHashMap<>();
            row.forEach((column, value) -> text.put(column, value == null ? null : new String(value, UTF_8)));
            result.add(text);
        }
        return result;
    }

    private List<Map<String, byte @Nullable []>> rowsAfterDescription() throws IOException, ServerFailure {
        List<String> columns = columns();
        List<Map<String, byte @Nullable []>> rows = new ArrayList<>();
        long held = 0;
        char type = next();
        while (type == 'D') {
            held += stream.remaining();
            if (held > MessageStream.MAX_HELD_BYTES) {
                throw new ProtocolViolation("a result of more than " + MessageStream.MAX_HELD_BYTES + " bytes");
            }
            rows.add(row(columns));
            type = next();
        }
        if (type != 'C') {
            throw new ProtocolViolation("a message '" + type + "' among rows");
        }
        return rows;
    }

    private List<String> columns() throws IOException {
        int count = stream.readShort();
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(stream.readString());
            // Table, column number, type, its size and modifier, format.
            stream.readText(Integer.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES);
        }
        return columns;
    }

    private Map<String, byte @Nullable []> row(List<String> columns) throws IOException {
        int count = stream.readShort();
        if (count != columns.size()) {
            throw new ProtocolViolation("a row of " + count + " values for " + columns.size() + " columns");
        }
        Map<String, byte @Nullable []> row = new LinkedHashMap<>();
        for (String column : columns) {
            int length = stream.readInt();
            row.put(column, length == -1 ? null : stream.readBytes(length));
        }
        return row;
    }
}

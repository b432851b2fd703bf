package dev.pitr.postgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error or a notice of the server (PostgreSQL documentation, "Error and Notice Message Fields").
 *
 * @param severity in English, such as {@code ERROR}
 * @param sqlState five characters
 * @param text the primary message
 * @param detail more about it, or null
 * @param hint the server's advice, or null
 */
record ServerMessage(
        String severity,
        String sqlState,
        String text,
        @Nullable String detail,
        @Nullable String hint) {

    private static final int MAX_BYTES = 1 << 20;

    /** Takes the fields of the message at which {@code stream} stands. */
    static ServerMessage read(MessageStream stream) throws IOException {
        if (stream.remaining() > MAX_BYTES) {
            throw new MessageStream.ProtocolViolation("an error or notice of " + stream.remaining() + " bytes");
        }
        String severity = "";
        String sqlState = "";
        String text = "";
        String detail = null;
        String hint = null;
        for (int field = stream.readByte(); field != 0; field = stream.readByte()) {
            String value = stream.readString();
            switch (field) {
                case 'V' -> severity = value;
                case 'C' -> sqlState = value;
                case 'M' -> text = value;
                case 'D' -> detail = value;
                case 'H' -> hint = value;
                default -> {}
            }
        }
        return new ServerMessage(severity, sqlState, text, detail, hint);
    }

    /** Tells whether the server ends the session after this. */
    boolean endsSession() {
        return "FATAL".equals(severity) || "PANIC".equals(severity);
    }

    /** Message, detail and hint in one line. */
    String describe() {
        List<String> parts = new ArrayList<>();
        parts.add(text);
        if (detail != null) {
            parts.add(detail);
        }
        if (hint != null) {
            parts.add(hint);
        }
        return String.join(" ", parts);
    }
}

package dev.pitr.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The first line and the fields of an HTTP message, as they were sent. */
record HttpHead(String firstLine, List<String> fields) {
    private static final int MAX_LINE = 1 << 16;
    private static final String LINE_END = "\r\n";

    /** Reads a head; null if the connection ends before its first byte. */
    static @Nullable HttpHead read(InputStream in) throws IOException {
        String first = readLine(in);
        if (first == null) {
            return null;
        }
        List<String> fields = new ArrayList<>();
        for (String line = requireLine(in); !line.isEmpty(); line = requireLine(in)) {
            fields.add(line);
        }
        return new HttpHead(first, List.copyOf(fields));
    }

    static HttpHead require(InputStream in) throws IOException {
        HttpHead head = read(in);
        if (head == null) {
            throw new EOFException("The connection ends instead of an answer");
        }
        return head;
    }

    static String requireLine(InputStream in) throws IOException {
        String line = readLine(in);
        if (line == null) {
            throw new EOFException("The connection ends within a message");
        }
        return line;
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("A line of more than " + MAX_LINE + " bytes");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    byte[] bytes() {
        String text = firstLine
                + LINE_END
                + String.join("", fields.stream().map(field -> field + LINE_END).toList());
        return (text + LINE_END).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The value of a field that stands there once. */
    Optional<String> field(String name) {
        return fields.stream()
                .filter(field -> isNamed(field, name))
                .findFirst()
                .map(field -> field.substring(field.indexOf(':') + 1).strip());
    }

    boolean says(String name, String value) {
        return field(name).filter(value::equalsIgnoreCase).isPresent();
    }

    HttpHead without(String name) {
        return new HttpHead(
                firstLine,
                fields.stream().filter(field -> !isNamed(field, name)).toList());
    }

    HttpHead with(String name, String value) {
        return new HttpHead(
                firstLine,
                Stream.concat(without(name).fields.stream(), Stream.of(name + ": " + value))
                        .toList());
    }

    private static boolean isNamed(String field, String name) {
        return field.length() > name.length()
                && field.charAt(name.length()) == ':'
                && field.regionMatches(true, 0, name, 0, name.length());
    }

    ProxiedRequest request() {
        String[] words = firstLine.split(" ", 3);
        return new ProxiedRequest(words[0], words[1]);
    }

    int status() {
        return Integer.parseInt(firstLine.split(" ", 3)[1]);
    }

    /** An answer that precedes the real one, such as "100 Continue". */
    boolean isInterim() {
        return status() / 100 == 1;
    }
}

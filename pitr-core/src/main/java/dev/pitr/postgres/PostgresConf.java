package dev.pitr.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration file such as {@code postgresql.conf}, read well enough to know what a server would take from it
 * ({@code utils/misc/guc-file.l}), and the rules to write {@code postgresql.auto.conf}.
 */
public final class PostgresConf {
    private static final String NAME = "[A-Za-z_\\x80-\\uFFFF][A-Za-z0-9_$\\x80-\\uFFFF]*";
    private static final String QUALIFIED_NAME = NAME + "(?:\\." + NAME + ")?";
    private static final String QUOTED = "'[^'\\\\\\n]*+(?:(?:\\\\.|'')[^'\\\\\\n]*+)*+'";
    private static final String BARE = "[^\\s'#=][^\\s'#]*";
    private static final Pattern ASSIGNMENT =
            Pattern.compile("\\s*(" + QUALIFIED_NAME + ")(?:\\s*=\\s*|\\s+)(" + QUOTED + "|" + BARE + ")\\s*(?:#.*)?");
    private static final Pattern EMPTY = Pattern.compile("\\s*(?:#.*)?");
    private static final Pattern WRITABLE_NAME =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)?");

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Include> includes = new ArrayList<>();
    private final List<Integer> malformedLines = new ArrayList<>();

    private PostgresConf() {}

    /**
     * Reads a file's text. Does not follow includes.
     *
     * @param text the contents
     * @return what stands in it
     */
    public static PostgresConf parse(String text) {
        PostgresConf conf = new PostgresConf();
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            Matcher assignment = ASSIGNMENT.matcher(line);
            if (assignment.matches()) {
                conf.take(assignment.group(1).toLowerCase(Locale.ROOT), unquote(assignment.group(2)));
            } else if (!EMPTY.matcher(line).matches()) {
                conf.malformedLines.add(number);
            }
        }
        return conf;
    }

    private void take(String name, String value) {
        switch (name) {
            case "include" -> includes.add(new Include(IncludeKind.FILE, value));
            case "include_if_exists" -> includes.add(new Include(IncludeKind.FILE_IF_EXISTS, value));
            case "include_dir" -> includes.add(new Include(IncludeKind.DIRECTORY, value));
            default -> settings.put(name, value);
        }
    }

    /**
     * Returns the settings: of one that stands there twice, the last.
     *
     * @return names in lower case to values without quotes
     */
    public Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /**
     * Returns the files and directories that this one includes.
     *
     * @return in their order
     */
    public List<Include> includes() {
        return Collections.unmodifiableList(includes);
    }

    /**
     * Returns the numbers of lines that the server would refuse, and with them the whole file.
     *
     * @return counted from 1
     */
    public List<Integer> malformedLines() {
        return Collections.unmodifiableList(malformedLines);
    }

    /**
     * Prints a line that sets one setting, as {@code ALTER SYSTEM} would: value quoted, quotes and backslashes doubled.
     *
     * @param name the setting
     * @param value any value without line ends
     * @return the line, without its end
     * @throws IllegalArgumentException if the name is none, or the value has a line end or a zero byte, which no
     *     configuration file can hold
     */
    public static String line(String name, String value) {
        if (!WRITABLE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Cannot write the setting \"" + name + "\": this is no setting's name.");
        }
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException(
                    "Cannot write the setting " + name + ": its value contains a line end or a zero byte.");
        }
        return name + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** Undoes quotes and escapes as the server's {@code DeescapeQuotedString} does. */
    private static String unquote(String token) {
        if (!token.startsWith("'")) {
            return token;
        }
        String inner = token.substring(1, token.length() - 1);
        StringBuilder value = new StringBuilder();
        int i = 0;
        while (i < inner.length()) {
            char c = inner.charAt(i);
            if (c == '\\') {
                i = unescape(inner, i + 1, value);
            } else {
                value.append(c);
                i += c == '\'' ? 2 : 1;
            }
        }
        return value.toString();
    }

    /** Appends what the escape at {@code i} means and returns where the text goes on. */
    private static int unescape(String text, int i, StringBuilder value) {
        char c = text.charAt(i);
        switch (c) {
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return unescapeOctal(text, i, value);
            }
            default -> value.append(c);
        }
        return i + 1;
    }

    private static int unescapeOctal(String text, int from, StringBuilder value) {
        int code = 0;
        int i = from;
        while (i < text.length() && i < from + 3 && text.charAt(i) >= '0' && text.charAt(i) <= '7') {
            code = code * 8 + text.charAt(i) - '0';
            i++;
        }
        value.append((char) (code & 0xFF));
        return i;
    }

    /** What an include directive names. */
    public enum IncludeKind {
        /** A file; the server does not start without it. */
        FILE,
        /** A file that may be absent. */
        FILE_IF_EXISTS,
        /** A directory, of which all files that end in {@code .conf} count. */
        DIRECTORY
    }

    /**
     * An include directive.
     *
     * @param kind what it names
     * @param path as it stands there: relative to the including file's directory, or absolute
     */
    public record Include(IncludeKind kind, String path) {}
}

package dev.pitr.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a {@code postgresql.conf} or {@code postgresql.auto.conf}, line by line, by the grammar of PostgreSQL's
 * {@code guc-file.l}. What that grammar would refuse is kept as it is and tells nothing.
 */
final class ConfigurationFile {
    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z_\\x80-\\uFFFF][\\w$.\\x80-\\uFFFF]*)\\s*=?\\s*"
            + "('(?:[^'\\\\]|\\\\.|'')*'|[^\\s#']+)?\\s*(?:#.*)?");
    private static final Pattern ESCAPE = Pattern.compile("''|\\\\([0-7]{1,3}|.)");

    private final List<Line> lines;

    private ConfigurationFile(List<Line> lines) {
        this.lines = lines;
    }

    /**
     * One line.
     *
     * @param text as it stands
     * @param name the setting in lower case, or empty for a comment and the like
     * @param value its value without quotes and escapes, or empty
     */
    record Line(String text, String name, String value) {}

    static ConfigurationFile parse(String text) {
        List<Line> lines = new ArrayList<>();
        text.lines().forEach(line -> lines.add(parseLine(line)));
        return new ConfigurationFile(List.copyOf(lines));
    }

    private static Line parseLine(String text) {
        Matcher setting = SETTING.matcher(text);
        if (!setting.matches() || setting.group(2) == null) {
            return new Line(text, "", "");
        }
        return new Line(text, setting.group(1).toLowerCase(Locale.ROOT), unquote(setting.group(2)));
    }

    private static String unquote(String value) {
        if (!value.startsWith("'")) {
            return value;
        }
        return ESCAPE.matcher(value.substring(1, value.length() - 1))
                .replaceAll(match -> Matcher.quoteReplacement(unescape(match.group())));
    }

    private static String unescape(String escape) {
        char c = escape.charAt(1);
        if (escape.charAt(0) == '\\' && c >= '0' && c <= '7') {
            return String.valueOf((char) Integer.parseInt(escape.substring(1), 8));
        }
        return switch (escape) {
            case "\\b" -> "\b";
            case "\\f" -> "\f";
            case "\\n" -> "\n";
            case "\\r" -> "\r";
            case "\\t" -> "\t";
            default -> String.valueOf(c);
        };
    }

    List<Line> lines() {
        return lines;
    }

    /**
     * Prints a setting as {@code ALTER SYSTEM} does.
     *
     * @throws IllegalArgumentException if the name is none, or the value has a line end
     */
    static String format(String name, String value) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*)?")) {
            throw new IllegalArgumentException("\"" + name + "\" is no name of a PostgreSQL setting");
        }
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
            throw new IllegalArgumentException(
                    "The value of " + name + " has a line end or NUL, which a settings file" + " can't hold");
        }
        return name + " = '" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}

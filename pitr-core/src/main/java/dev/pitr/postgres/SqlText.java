package dev.pitr.postgres;

/** Quoting for SQL without parameters. */
final class SqlText {
    private SqlText() {}

    /** Quotes a string, whatever the session's {@code standard_conforming_strings}. */
    static String literal(String value) {
        String quotes = value.replace("'", "''");
        return value.indexOf('\\') < 0 ? "'" + quotes + "'" : "E'" + quotes.replace("\\", "\\\\") + "'";
    }
}

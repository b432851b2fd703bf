package dev.pitr.restore;

/**
 * One thing that preflight noticed.
 *
 * @param severity whether it forbids the restore
 * @param code a stable dotted code such as {@code restore.no-space}
 * @param message what, where, and what to do
 */
public record Finding(Severity severity, String code, String message) {
    /** How much it matters. */
    public enum Severity {
        /** The restore is refused. */
        ERROR,
        /** A person should look; the restore goes on. */
        WARNING
    }

    static Finding error(String code, String message) {
        return new Finding(Severity.ERROR, code, message);
    }

    static Finding warning(String code, String message) {
        return new Finding(Severity.WARNING, code, message);
    }

    @Override
    public String toString() {
        return severity.name().toLowerCase(java.util.Locale.ROOT) + " [" + code + "] " + message;
    }
}

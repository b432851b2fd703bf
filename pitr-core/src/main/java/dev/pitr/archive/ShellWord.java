package dev.pitr.archive;

import java.nio.file.Path;

/** Words of a shell command that stands in a setting of the server. */
final class ShellWord {
    private ShellWord() {}

    /** A path, since the server runs its commands in the data directory. */
    static String quote(Path path) {
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("Cannot make a command: " + path
                    + " is not absolute, and the server runs it in the data directory");
        }
        return quote(path.toString());
    }

    // In single quotes only a single quote is special to the shell; to the server, which replaces placeholders first,
    // a percent sign is.
    static String quote(String word) {
        if (word.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("Cannot make a command: \"" + word + "\" contains a control character");
        }
        return "'" + word.replace("'", "'\\''").replace("%", "%%") + "'";
    }
}

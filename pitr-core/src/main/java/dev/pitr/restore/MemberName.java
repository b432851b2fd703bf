package dev.pitr.restore;

import java.nio.charset.StandardCharsets;

/**
 * The checked name of a tar member: relative, of plain components, with no way out of the folder that it is unpacked into.
 */
final class MemberName {
    /** Where a running restore keeps its own files; no server writes it. */
    static final String RESTORE_FOLDER = ".pitr-restore";

    private static final int MAX_COMPONENT_BYTES = 255;

    private MemberName() {}

    /**
     * Checks a name as it stands in a tar header.
     *
     * @param raw the name; a server writes some with a leading {@code ./} and folders with a final slash
     * @return the name without those two
     * @throws RestoreException {@code restore.hostile-entry}
     */
    static String check(String raw) {
        String name = raw.startsWith("./") ? raw.substring(2) : raw;
        if (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        if (name.startsWith("/")) {
            throw hostile(raw, "the name is absolute");
        }
        for (String component : name.split("/", -1)) {
            checkComponent(raw, component);
        }
        if (name.equals(RESTORE_FOLDER) || name.startsWith(RESTORE_FOLDER + "/")) {
            throw hostile(raw, "that folder is the restore's own");
        }
        return name;
    }

    private static void checkComponent(String raw, String component) {
        if (component.isEmpty() || component.equals(".")) {
            throw hostile(raw, "the name has an empty component");
        }
        if (component.equals("..")) {
            throw hostile(raw, "the name climbs out of its folder");
        }
        if (component.getBytes(StandardCharsets.UTF_8).length > MAX_COMPONENT_BYTES) {
            throw hostile(raw, "a component is longer than " + MAX_COMPONENT_BYTES + " bytes");
        }
        // U+FFFD stands where the bytes were not UTF-8.
        if (component.chars().anyMatch(c -> c < ' ' || c == 0x7F || c == 0xFFFD)) {
            throw hostile(raw, "the name has control characters or is not UTF-8");
        }
    }

    static RestoreException hostile(String name, String reason) {
        return new RestoreException(
                "restore.hostile-entry",
                "Cannot unpack \"" + printable(name) + "\": " + reason
                        + ". No PostgreSQL server writes such an entry: don't trust this backup.");
    }

    /** The name with control characters made visible, shortened. */
    static String printable(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(name.length(), 200); i++) {
            char c = name.charAt(i);
            text.append(c < ' ' || c == 0x7F ? '?' : c);
        }
        return text.toString();
    }
}

package dev.pitr.storage;

/**
 * The key of an object: components of {@code [A-Za-z0-9._-]}, 1 to 200 characters each, none starting with a dot, joined
 * by single slashes; at most 900 characters in all. No key is the folder of another.
 *
 * <p>So every store can hold every key: no component is {@code .} or {@code ..}, and hidden files, those of a
 * filesystem's own and a store's working files, are never objects.
 *
 * @param value the key, for example {@code main/18-7512345678901234567/cluster.json}
 */
public record ObjectKey(String value) implements Comparable<ObjectKey> {
    private static final int MAX_LENGTH = 900;
    private static final int MAX_COMPONENT_LENGTH = 200;

    /** Checks the grammar. */
    public ObjectKey {
        if (!isValid(value)) {
            throw new IllegalArgumentException("Invalid object key \"" + value
                    + "\": expected at most 900 characters: components of [A-Za-z0-9._-], 1 to 200 characters,"
                    + " none starting with a dot, joined by single slashes");
        }
    }

    static boolean isValid(String value) {
        if (value.length() > MAX_LENGTH) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || value.charAt(i) == '/') {
                int length = i - start;
                if (length == 0 || length > MAX_COMPONENT_LENGTH || value.charAt(start) == '.') {
                    return false;
                }
                start = i + 1;
            } else if (!isAllowed(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
    }

    /**
     * Returns a key below this one.
     *
     * @param suffix one or more components
     * @return this key, a slash, and the suffix
     * @throws IllegalArgumentException if that is not a key
     */
    public ObjectKey resolve(String suffix) {
        return new ObjectKey(value + '/' + suffix);
    }

    /** Compares by bytes, as stores list. */
    @Override
    public int compareTo(ObjectKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

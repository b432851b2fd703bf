package dev.pitr.repository;

import java.util.Locale;
import java.util.Optional;

/** Names of constants as the format writes them: in lower case, with hyphens. */
final class JsonNames {
    private JsonNames() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Empty for a name that a later version may have written. */
    static <E extends Enum<E>> Optional<E> find(Class<E> type, String name) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(name)) {
                return Optional.of(constant);
            }
        }
        return Optional.empty();
    }

    static <E extends Enum<E>> E require(Class<E> type, String name) {
        return find(type, name).orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is unknown"));
    }
}

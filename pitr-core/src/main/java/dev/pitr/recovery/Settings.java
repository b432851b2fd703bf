package dev.pitr.recovery;

import java.util.LinkedHashMap;
import java.util.Map;

/** Recovery settings that keep the order in which they are written. */
final class Settings {
    private Settings() {}

    static Map<String, String> of(String name, String value, Inclusion inclusion) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put(name, value);
        result.put("recovery_target_inclusive", inclusion.setting());
        return result;
    }
}

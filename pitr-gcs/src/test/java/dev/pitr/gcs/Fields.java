package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of an answer that was asked for, such as {@code items(name,size),nextPageToken}. */
final class Fields {
    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9]+)(?:\\(([^)]*)\\))?");

    private final Map<String, Fields> wanted;

    private Fields(Map<String, Fields> wanted) {
        this.wanted = wanted;
    }

    /** Null asks for everything. */
    static Fields of(String text) {
        Map<String, Fields> wanted = new HashMap<>();
        Matcher fields = FIELD.matcher(text == null ? "" : text);
        while (fields.find()) {
            wanted.put(fields.group(1), of(fields.group(2)));
        }
        return new Fields(wanted);
    }

    GenericJson pick(Map<String, ?> json) {
        GenericJson picked = new GenericJson();
        json.forEach((name, value) -> {
            if (wanted.isEmpty()) {
                picked.set(name, value);
            } else if (wanted.containsKey(name)) {
                picked.set(name, wanted.get(name).pickFrom(value));
            }
        });
        return picked;
    }

    @SuppressWarnings("unchecked")
    private Object pickFrom(Object value) {
        if (wanted.isEmpty()) {
            return value;
        }
        return value instanceof List<?> list
                ? list.stream().map(this::pickFrom).toList()
                : pick((Map<String, ?>) value);
    }
}

package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.pitr.error.PitrException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A parsed JSON object. Asks for fields by name and type; what nobody asks for is ignored. */
final class JsonObject {
    private final String where;
    private final Map<String, Object> fields;

    private JsonObject(String where, Map<String, Object> fields) {
        this.where = where;
        this.fields = fields;
    }

    static JsonObject parse(String where, byte[] bytes, JsonFactory factory) {
        try (JsonParser parser = factory.createParser(bytes)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                return new JsonObject(where, object(parser));
            }
            throw RepositoryException.corrupt(where, "it is no JSON object");
        } catch (IOException e) {
            throw RepositoryException.corrupt(where, "it is no valid JSON", e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> result = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Object value = value(parser, parser.nextToken());
            if (value != null) {
                result.put(name, value);
            }
        }
        return result;
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            // Format 1 has neither fractions nor nulls; a later field may, and is ignored here.
            default -> null;
        };
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> result = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            Object value = value(parser, token);
            if (value != null) {
                result.add(value);
            }
        }
        return result;
    }

    String where() {
        return where;
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    String text(String name) {
        return field(name, String.class, "a text");
    }

    long number(String name) {
        return field(name, Long.class, "an integer");
    }

    boolean flag(String name) {
        return field(name, Boolean.class, "true or false");
    }

    /** A text in a grammar of its own, such as an LSN or a time. */
    <T> T parsed(String name, Function<String, T> parser) {
        String text = text(name);
        try {
            return parser.apply(text);
        } catch (PitrException | IllegalArgumentException | java.time.DateTimeException e) {
            throw RepositoryException.corrupt(where, "field \"" + name + "\" is invalid: " + e.getMessage(), e);
        }
    }

    JsonObject object(String name) {
        return new JsonObject(where, map(name));
    }

    List<JsonObject> objects(String name) {
        return list(name, Map.class, "objects").stream()
                .map(map -> new JsonObject(where, typed(map)))
                .toList();
    }

    List<String> texts(String name) {
        return list(name, String.class, "texts");
    }

    Map<String, String> textMap(String name) {
        Map<String, String> result = new LinkedHashMap<>();
        map(name).forEach((key, value) -> {
            if (!(value instanceof String text)) {
                throw wrong(name, "an object of texts");
            }
            result.put(key, text);
        });
        return result;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> typed(Map<?, ?> parsed) {
        return (Map<String, Object>) parsed;
    }

    private Map<String, Object> map(String name) {
        return typed(field(name, Map.class, "an object"));
    }

    private <T> List<T> list(String name, Class<T> type, String expected) {
        List<T> result = new ArrayList<>();
        for (Object element : field(name, List.class, "a list of " + expected)) {
            if (!type.isInstance(element)) {
                throw wrong(name, "a list of " + expected);
            }
            result.add(type.cast(element));
        }
        return result;
    }

    private <T> T field(String name, Class<T> type, String expected) {
        Object value = fields.get(name);
        if (value == null) {
            throw RepositoryException.corrupt(where, "field \"" + name + "\" is missing");
        }
        if (!type.isInstance(value)) {
            throw wrong(name, expected);
        }
        return type.cast(value);
    }

    private RepositoryException wrong(String name, String expected) {
        return RepositoryException.corrupt(where, "field \"" + name + "\" is not " + expected);
    }
}

package dev.pitr.gcs;

import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a {@link FakeGcs} was asked. */
final class FakeRequest {
    private static final Set<String> COMMON = Set.of("userProject", "fields", "prettyPrint", "projection");

    private final String method;
    private final URI address;
    private final Map<String, String> query;
    private final HttpExchange exchange;
    private final byte[] body;

    FakeRequest(HttpExchange exchange, byte[] body) throws ApiError {
        this(exchange, methodOf(exchange), exchange.getRequestURI(), body);
    }

    private FakeRequest(HttpExchange exchange, String method, URI address, byte[] body) throws ApiError {
        this.exchange = exchange;
        this.method = method;
        this.address = address;
        this.query = queryOf(address.getRawQuery());
        this.body = body;
    }

    private static String methodOf(HttpExchange exchange) {
        String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
        return override == null ? exchange.getRequestMethod() : override;
    }

    /** A request that came inside this one. */
    FakeRequest part(String partMethod, String partAddress) throws ApiError {
        return new FakeRequest(exchange, partMethod, URI.create(partAddress), new byte[0]);
    }

    private static Map<String, String> queryOf(String raw) throws ApiError {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length < 2 || query.put(parts[0], decode(parts[1])) != null) {
                throw ApiError.invalid("Invalid query " + pair);
            }
        }
        return query;
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Refuses parameters that a method doesn't have. */
    FakeRequest allow(String... names) throws ApiError {
        Set<String> allowed = Set.of(names);
        for (String name : query.keySet()) {
            if (!allowed.contains(name) && !COMMON.contains(name)) {
                throw ApiError.invalid("Unknown parameter " + name + " of " + method + " " + path());
            }
        }
        return this;
    }

    String method() {
        return method;
    }

    String path() {
        return address.getRawPath();
    }

    /** The components of the path, decoded. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        for (String step : path().substring(1).split("/", -1)) {
            steps.add(decode(step));
        }
        return steps;
    }

    Map<String, String> query() {
        return query;
    }

    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    byte[] body() {
        return body;
    }
}

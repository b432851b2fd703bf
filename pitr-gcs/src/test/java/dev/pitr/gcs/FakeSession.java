package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The resumable upload of the JSON API: start, chunk, question, end, cancel. */
final class FakeSession {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

    private final FakeGcs server;
    private final FakeBucket bucket;
    private final boolean keepingParts;

    FakeSession(FakeGcs server, FakeBucket bucket, boolean keepingParts) {
        this.server = server;
        this.bucket = bucket;
        this.keepingParts = keepingParts;
    }

    FakeAnswer answer(FakeRequest request) throws ApiError {
        String id = request.query().get("upload_id");
        if (request.method().equals("POST") && id == null) {
            return start(request);
        }
        if (id == null) {
            throw ApiError.invalid("Required: upload_id");
        }
        if (request.method().equals("DELETE")) {
            bucket.cancel(id);
            return FakeAnswer.empty(499, Map.of());
        }
        synchronized (bucket) {
            return chunk(bucket.session(id), request);
        }
    }

    private FakeAnswer start(FakeRequest request) throws ApiError {
        GenericJson given = FakeGcs.parse(new String(request.body(), StandardCharsets.UTF_8));
        String id = bucket.start(name(given, request), given, request.query());
        // By the name that the client calls the server: there may be something in between.
        String address = server.endpoint().getScheme() + "://" + request.header("Host") + request.path()
                + "?uploadType=resumable&upload_id=" + id;
        return FakeAnswer.empty(200, Map.of("Location", address));
    }

    /** The name may stand in the address or in what is told of the object. */
    static String name(GenericJson given, FakeRequest request) throws ApiError {
        Object name = request.query().getOrDefault("name", (String) given.get("name"));
        if (name == null) {
            throw ApiError.invalid("Required: name");
        }
        return (String) name;
    }

    private FakeAnswer chunk(FakeBucket.Session session, FakeRequest request) throws ApiError {
        if (session.done != null) {
            return finished(session);
        }
        String range = request.header("Content-Range");
        Matcher matcher = CONTENT_RANGE.matcher(range == null ? "" : range);
        if (!matcher.matches()) {
            throw ApiError.invalid("Invalid Content-Range " + range);
        }
        boolean isLast = !matcher.group(3).equals("*");
        if (matcher.group(1) != null) {
            append(session, request.body(), Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), isLast);
        } else if (request.body().length != 0) {
            throw ApiError.invalid("Bytes without a range");
        }
        if (!isLast || session.bytes.size() != Long.parseLong(matcher.group(3))) {
            return incomplete(session);
        }
        String hash = request.header("x-goog-hash");
        if (hash != null) {
            session.given.set("crc32c", hash.replace("crc32c=", ""));
        }
        bucket.finish(session);
        return finished(session);
    }

    private void append(FakeBucket.Session session, byte[] body, long first, long last, boolean isLast)
            throws ApiError {
        if (first != session.bytes.size() || last - first + 1 != body.length) {
            throw new ApiError(503, "backendError", "Content-Range doesn't fit what is there or was sent");
        }
        if (!isLast && body.length % FakeBucket.CHUNK_UNIT != 0) {
            throw ApiError.invalid("A chunk must be a multiple of 262144 bytes");
        }
        session.bytes.write(body, 0, keepingParts ? Math.min(body.length, FakeBucket.CHUNK_UNIT) : body.length);
    }

    private static FakeAnswer incomplete(FakeBucket.Session session) {
        int size = session.bytes.size();
        return FakeAnswer.empty(308, size == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (size - 1)));
    }

    private FakeAnswer finished(FakeBucket.Session session) {
        GenericJson json = session.done.json(bucket.name());
        return FakeAnswer.json(Fields.of(session.query.get("fields")).pick(json));
    }
}

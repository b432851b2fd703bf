package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The methods of the JSON API that stores of objects need, each with the parameters that it has and no others. */
final class FakeApi {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final Pattern REQUEST_LINE = Pattern.compile("^([A-Z]+) (\\S+) HTTP/1\\.1", Pattern.MULTILINE);
    private static final Pattern CONTENT_ID = Pattern.compile("(?i)Content-ID: (<?)([^>\\s]*)>?");
    private static final int MAX_BATCH = 100;
    private static final int MAX_PAGE = 1000;

    private final FakeGcs server;
    private final boolean keepingPartsOfChunks;

    FakeApi(FakeGcs server, boolean keepingPartsOfChunks) {
        this.server = server;
        this.keepingPartsOfChunks = keepingPartsOfChunks;
    }

    FakeAnswer answer(FakeRequest request) throws ApiError {
        List<String> steps = request.steps();
        if (request.path().equals("/batch/storage/v1") && request.method().equals("POST")) {
            return batch(request);
        }
        if (steps.get(0).equals("upload") && isObjects(steps.subList(1, steps.size()))) {
            return upload(server.existingBucket(steps.get(4)), request);
        }
        if (steps.get(0).equals("download") && isObject(steps.subList(1, steps.size()))) {
            return media(server.existingBucket(steps.get(4)), steps.get(6), request);
        }
        if (isObject(steps) && "media".equals(request.query().get("alt"))) {
            return media(server.existingBucket(steps.get(3)), steps.get(5), request);
        }
        if (isObject(steps)) {
            return object(server.existingBucket(steps.get(3)), steps.get(5), request);
        }
        if (isObjects(steps) && request.method().equals("GET")) {
            return list(server.existingBucket(steps.get(3)), request);
        }
        if (isBucket(steps) && steps.size() == 4) {
            return bucket(server.existingBucket(steps.get(3)), request);
        }
        throw new ApiError(404, "notFound", "Not Found: " + request.method() + " " + request.path());
    }

    private static boolean isBucket(List<String> steps) {
        return steps.size() >= 4 && steps.subList(0, 3).equals(List.of("storage", "v1", "b"));
    }

    private static boolean isObjects(List<String> steps) {
        return isBucket(steps) && steps.size() == 5 && steps.get(4).equals("o");
    }

    private static boolean isObject(List<String> steps) {
        return isBucket(steps) && steps.size() == 6 && steps.get(4).equals("o");
    }

    private FakeAnswer bucket(FakeBucket bucket, FakeRequest request) throws ApiError {
        if (request.method().equals("PATCH")) {
            request.allow("ifMetagenerationMatch");
            GenericJson patch = FakeGcs.parse(new String(request.body(), StandardCharsets.UTF_8));
            if (!patch.keySet().equals(Set.of("lifecycle"))) {
                throw ApiError.invalid("Unknown fields: " + patch.keySet());
            }
            GenericJson rules = new GenericJson();
            ((Map<?, ?>) patch.get("lifecycle")).forEach((field, value) -> rules.set(String.valueOf(field), value));
            bucket.setLifecycle(rules, request.query());
        } else if (!request.method().equals("GET")) {
            throw new ApiError(405, "methodNotAllowed", request.method());
        }
        request.allow("ifMetagenerationMatch");
        return FakeAnswer.json(Fields.of(request.query().get("fields")).pick(bucket.json()));
    }

    private FakeAnswer object(FakeBucket bucket, String name, FakeRequest request) throws ApiError {
        switch (request.method()) {
            case "GET" -> {
                request.allow("generation");
                FakeObject found = bucket.get(name, request.query());
                return FakeAnswer.json(Fields.of(request.query().get("fields")).pick(found.json(bucket.name())));
            }
            case "DELETE" -> {
                request.allow("ifGenerationMatch");
                bucket.delete(name, request.query());
                return FakeAnswer.empty(204, Map.of());
            }
            default -> throw new ApiError(405, "methodNotAllowed", request.method());
        }
    }

    private FakeAnswer media(FakeBucket bucket, String name, FakeRequest request) throws ApiError {
        request.allow("alt", "generation");
        if (!"media".equals(request.query().get("alt"))) {
            throw ApiError.invalid("Expected alt=media");
        }
        FakeObject object = bucket.get(name, request.query());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/octet-stream");
        headers.put("x-goog-generation", Long.toString(object.generation()));
        headers.put("x-goog-hash", "crc32c=" + FakeObject.crc(object.bytes()));
        String range = request.header("Range");
        if (range == null) {
            return new FakeAnswer(200, headers, object.bytes());
        }
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
            throw ApiError.invalid("Invalid range " + range);
        }
        int size = object.bytes().length;
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(matcher.group(2)), size - 1);
        if (first >= size) {
            throw new ApiError(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
        }
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + size);
        return new FakeAnswer(206, headers, Arrays.copyOfRange(object.bytes(), (int) first, (int) last + 1));
    }

    private FakeAnswer list(FakeBucket bucket, FakeRequest request) throws ApiError {
        request.allow("prefix", "startOffset", "maxResults", "pageToken");
        Map<String, String> query = request.query();
        int max = Math.min(MAX_PAGE, Integer.parseInt(query.getOrDefault("maxResults", "1000")));
        List<FakeObject> page = bucket.list(
                query.getOrDefault("prefix", ""),
                query.getOrDefault("startOffset", ""),
                query.get("pageToken"),
                max + 1);
        GenericJson json = new GenericJson();
        json.set("kind", "storage#objects");
        if (!page.isEmpty()) {
            json.set(
                    "items",
                    page.stream()
                            .limit(max)
                            .map(found -> found.json(bucket.name()))
                            .toList());
        }
        if (page.size() > max) {
            json.set("nextPageToken", page.get(max - 1).name());
        }
        return FakeAnswer.json(Fields.of(query.get("fields")).pick(json));
    }

    private FakeAnswer upload(FakeBucket bucket, FakeRequest request) throws ApiError {
        request.allow("uploadType", "name", "ifGenerationMatch", "kmsKeyName", "upload_id");
        String type = request.query().getOrDefault("uploadType", "");
        if (type.equals("multipart") && request.method().equals("POST")) {
            return whole(bucket, request);
        }
        if (!type.equals("resumable")) {
            throw ApiError.invalid("Invalid uploadType " + type);
        }
        return new FakeSession(server, bucket, keepingPartsOfChunks).answer(request);
    }

    private static FakeAnswer whole(FakeBucket bucket, FakeRequest request) throws ApiError {
        List<MultipartBody.Part> parts = MultipartBody.parse(request.header("Content-Type"), request.body());
        if (parts.size() != 2) {
            throw ApiError.invalid("Expected two parts, not " + parts.size());
        }
        GenericJson given = FakeGcs.parse(parts.get(0).text());
        String name = FakeSession.name(given, request);
        FakeObject stored =
                bucket.put(name, given, request.query(), parts.get(1).content());
        return FakeAnswer.json(Fields.of(request.query().get("fields")).pick(stored.json(bucket.name())));
    }

    private FakeAnswer batch(FakeRequest request) throws ApiError {
        List<MultipartBody.Part> parts = MultipartBody.parse(request.header("Content-Type"), request.body());
        if (parts.size() > MAX_BATCH) {
            throw ApiError.invalid("Too many parts: " + parts.size());
        }
        List<String> answers = new ArrayList<>();
        for (MultipartBody.Part part : parts) {
            Matcher line = REQUEST_LINE.matcher(part.text());
            Matcher id = CONTENT_ID.matcher(part.headers());
            if (!line.find() || !id.find()) {
                throw ApiError.invalid("Not a request: " + part);
            }
            FakeAnswer answer = partAnswer(request.part(line.group(1), line.group(2)));
            answers.add("--batch_answer\r\nContent-Type: application/http\r\nContent-ID: " + id.group(1) + "response-"
                    + id.group(2) + (id.group(1).isEmpty() ? "" : ">") + "\r\n\r\nHTTP/1.1 " + answer.status()
                    + " Words\r\nContent-Length: " + answer.body().length
                    + "\r\n\r\n" + new String(answer.body(), StandardCharsets.UTF_8) + "\r\n");
        }
        byte[] body = (String.join("", answers) + "--batch_answer--\r\n").getBytes(StandardCharsets.UTF_8);
        return new FakeAnswer(200, Map.of("Content-Type", "multipart/mixed; boundary=batch_answer"), body);
    }

    private FakeAnswer partAnswer(FakeRequest part) {
        try {
            server.requirePaid(part);
            return answer(part);
        } catch (ApiError e) {
            return FakeAnswer.error(e);
        }
    }
}

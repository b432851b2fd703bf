package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.util.List;
import java.util.Map;

/** What a {@link FakeGcs} sends back. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FakeAnswer(int status, Map<String, String> headers, byte[] body) {
    static FakeAnswer json(GenericJson json) {
        return new FakeAnswer(200, Map.of("Content-Type", "application/json; charset=UTF-8"), FakeGcs.bytes(json));
    }

    static FakeAnswer empty(int status, Map<String, String> headers) {
        return new FakeAnswer(status, headers, new byte[0]);
    }

    static FakeAnswer error(ApiError e) {
        GenericJson first = new GenericJson();
        first.set("domain", "global");
        first.set("reason", e.reason());
        first.set("message", e.getMessage());
        GenericJson error = new GenericJson();
        error.set("code", e.status());
        error.set("message", e.getMessage());
        error.set("errors", List.of(first));
        GenericJson json = new GenericJson();
        json.set("error", error);
        return new FakeAnswer(
                e.status(), Map.of("Content-Type", "application/json; charset=UTF-8"), FakeGcs.bytes(json));
    }
}

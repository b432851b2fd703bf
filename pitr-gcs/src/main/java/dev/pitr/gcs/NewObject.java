package dev.pitr.gcs;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.util.DateTime;
import com.google.api.services.storage.model.StorageObject;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An object to be written: its name, what the store is told of it, and whether it may replace another. */
record NewObject(
        String name,
        @Nullable GcsStorageClass storageClass,
        Map<String, String> userMetadata,
        @Nullable DateTime customTime,
        @Nullable String kmsKey,
        Replacing replacing) {
    /** Whether a write may replace what is there. */
    enum Replacing {
        ALLOWED,
        FORBIDDEN
    }

    static final String CONTENT_TYPE = "application/octet-stream";

    StorageObject metadata() {
        return new StorageObject()
                .setContentType(CONTENT_TYPE)
                .setStorageClass(storageClass == null ? null : storageClass.name())
                .setMetadata(userMetadata.isEmpty() ? null : userMetadata)
                .setCustomTime(customTime);
    }

    GcsRequest describe(GcsRequest request) {
        request.query("name", name).query("fields", "size,crc32c,generation");
        if (replacing == Replacing.FORBIDDEN) {
            request.query("ifGenerationMatch", 0);
        }
        if (kmsKey != null) {
            request.query("kmsKeyName", kmsKey);
        }
        return request;
    }

    /** What became of a write; empty if the name is taken. */
    static Optional<StorageObject> read(HttpResponse response) throws IOException {
        if (response.getStatusCode() == 412) {
            response.ignore();
            return Optional.empty();
        }
        return Optional.of(GcsClient.json(StorageObject.class).read(response));
    }
}
